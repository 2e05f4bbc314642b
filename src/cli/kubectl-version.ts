import {kubectlFor} from '../kubectl/kubectl.ts'
import {KubectlMissing} from '../model/error.ts'
import type {Io} from './io.ts'

/** kubectl answers this without a cluster; milliseconds. */
const LIMIT = 10_000

/** The version of the kubectl on PATH, such as `1.35.2`, or why there is none. */
export async function kubectlVersion(
  io: Io,
): Promise<{readonly version: string} | {readonly version?: undefined; readonly problem: string}> {
  const kubectl = kubectlFor({}, {program: 'kubectl', signal: io.signal, onCommand: () => undefined})
  try {
    const {stdout} = await kubectl.run(['version', '--client', '-o', 'json'], {deadline: LIMIT})
    const version = /"gitVersion":\s*"v?([\w.+-]{1,60})"/.exec(stdout)?.[1]
    return version === undefined ? {problem: 'it does not say its version'} : {version}
  } catch (error) {
    if (!(error instanceof KubectlMissing)) throw error
    return {problem: 'none on PATH'}
  }
}
