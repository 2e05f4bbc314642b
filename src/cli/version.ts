import type {Io} from './io.ts'
import {kubectlVersion} from './kubectl-version.ts'
import type {Arguments} from './page.ts'

/** Prints the versions that a report of a defect needs. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const kubectl = await kubectlVersion(io)
  if (args['output'] === 'json') {
    const versions = {netdoctor: io.version, node: io.nodeVersion, kubectl: kubectl.version ?? null}
    await io.out(`${JSON.stringify(versions)}\n`)
    return 0
  }
  await io.out(
    [
      `netdoctor ${io.version}`,
      `Node.js   ${io.nodeVersion}`,
      `kubectl   ${kubectl.version ?? kubectl.problem}`,
      '',
    ].join('\n'),
  )
  return 0
}
