import type * as z from 'zod'
import {UserError} from '../model/error.ts'
import type {KubectlResult} from './kubectl.ts'

/** What kubectl printed, checked; a UserError that names the command where it makes no sense. */
export function parseJson<Schema extends z.ZodType>(
  schema: Schema,
  {stdout}: Pick<KubectlResult, 'stdout'>,
  command: string,
): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(stdout))
  } catch {
    throw new UserError(
      3,
      `\`${command}\` did not print what it should. Run it yourself, or this command with -v.`,
    )
  }
}
