import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import {medianTimes} from '../median-times.ts'

const RUNS = 11

/** How long the executable takes to say its version, as a multiple of what Node takes to do nothing. */
export async function startUp(executable: Uint8Array, node: string, version: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-start-'))
  try {
    const file = join(folder, 'kubectl-netdoctor')
    await writeFile(file, executable, {mode: 0o755})
    const {stdout} = await execa(file, ['--version'])
    if (stdout !== version)
      throw new Error(`the executable says that it is version "${stdout}", not ${version}`)
    const [bare = NaN, ours = NaN] = medianTimes(
      [
        [node, '-e', '0'],
        [file, '--version'],
      ],
      RUNS,
    )
    return ours / bare
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
