import {spawnSync} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'

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
    const times: {ours: number[]; bare: number[]} = {ours: [], bare: []}
    // In turns, so that a moment when the machine is busy slows both.
    for (let run = 0; run < RUNS; run++) {
      times.bare.push(timed(node, ['-e', '0']))
      times.ours.push(timed(file, ['--version']))
    }
    return median(times.ours) / median(times.bare)
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

function timed(command: string, args: readonly string[]): number {
  const start = performance.now()
  spawnSync(command, args, {stdio: 'ignore'})
  return performance.now() - start
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? NaN
