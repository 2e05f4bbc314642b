import {INITIAL, type ConfigFields} from '../config/fields.ts'
import {readText, writeAtomically} from '../files/files.ts'
import {UserError} from '../model/error.ts'
import type {Io} from './io.ts'
import {flagFields} from './options.ts'
import type {Arguments} from './page.ts'

/** Writes config.json with the seed's fields, and those that flags set. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const file = String(args['config'])
  const flags = flagFields(args)
  if (args['force'] !== true && (await readText(file)) !== undefined) {
    throw new UserError(2, `${file} is there already; --force replaces it.`)
  }
  // With KUBECONFIG set, a fixed path could point to another cluster than kubectl does: kubectl's own rules hold.
  const inherits = (io.env['KUBECONFIG'] ?? '') !== ''
  const {srcKubeConfig, srcImageRepository, ...others} = INITIAL
  // Each of `clusters` names its own, and these two could not stand beside them.
  const cluster = flags.clusters ? {} : {...(inherits ? {} : {srcKubeConfig}), srcImageRepository}
  const fields: ConfigFields = {...others, ...cluster, ...flags}
  await writeAtomically(file, [`${JSON.stringify(fields, undefined, 1)}\n`])
  const followsKubectl = inherits && fields.srcKubeConfig === undefined && fields.clusters === undefined
  io.say(
    `Wrote ${file}.` +
      (followsKubectl ? ' It names no kubeconfig: KUBECONFIG is set, and kubectl follows it.' : ''),
  )
  return 0
}
