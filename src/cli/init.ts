import type {Argv} from 'yargs'
import {INITIAL} from '../config/fields.ts'
import {readText, writeAtomically} from '../files/files.ts'
import {UserError} from '../model/error.ts'
import type {Io} from './io.ts'
import {fieldOptions, flagFields, type Arguments} from './options.ts'

export function builder(yargs: Argv): Argv {
  return fieldOptions(yargs)
    .option('config', {
      type: 'string',
      requiresArg: true,
      default: 'config.json',
      describe: 'the file to write',
    })
    .option('force', {type: 'boolean', describe: 'replace the file that is there'})
    .example('$0 init --namespace netcheck', 'set a field')
}

/** Writes config.json with the seed's fields, and those that flags set. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const file = String(args['config'])
  const flags = flagFields(args)
  if (args['force'] !== true && (await readText(file)) !== undefined) {
    throw new UserError(2, `${file} is there already; --force replaces it.`)
  }
  const {srcKubeConfig, ...others} = INITIAL
  // With KUBECONFIG set, a fixed path could point to another cluster than kubectl does: kubectl's own rules hold.
  const inherits = (io.env['KUBECONFIG'] ?? '') !== ''
  const {srcImageRepository, ...first} = others
  const fields = {...first, ...(inherits ? {} : {srcKubeConfig}), srcImageRepository, ...flags}
  await writeAtomically(file, [`${JSON.stringify(fields, undefined, 1)}\n`])
  io.say(
    `Wrote ${file}.` +
      (inherits ? ' It names no kubeconfig: KUBECONFIG is set, and kubectl follows it.' : ''),
  )
  return 0
}
