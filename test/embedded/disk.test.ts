import {execFile} from 'node:child_process'
import {appendFile, readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {atDesk, type EmbeddedDesk} from './check-desk.ts'
import {ANSWERED, pairsOf, readSaved} from './check-saved.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

const run = promisify(execFile)
const NAMES = ['n1', 'n2']
const FILES = ['report.json', 'resume.json'] as const
/** Only root can mount a small disk. */
const isRoot = process.getuid?.() === 0

describe.skipIf(!isRoot || !npmKubectlRunsHere())('the disk of the folder', () => {
  test('is read-only: said before the cluster is asked for anything', async () => {
    await atSmallDisk(async (desk) => {
      await run('mount', ['-o', 'remount,ro', desk.folder])
      const {exitCode, stdout, stderr} = await desk.check()
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(
        /^Cannot write to the folder .*, where resume\.json and report\.json go: .*read-only/im,
      )
      expect(desk.cluster.requests).toEqual([])
    })
  })

  test('is full when the run ends: the results are shown, and the old files are what they were', async () => {
    await atSmallDisk(async (desk) => {
      expect((await desk.check()).exitCode).toBe(0)
      const old = await textsOf(desk)
      await fill(desk)
      const {exitCode, stdout, stderr} = await desk.check()
      expect(exitCode).toBe(2)
      expect(stdout).toContain('4 probes between 2 nodes: 4 SUCCEEDED')
      expect(stderr).toMatch(/^Could not write (resume|report)\.json: the disk is full$/m)
      expect(stderr).not.toContain('Saved in')
      expect(await textsOf(desk)).toEqual(old)
      expect(await readdir(desk.folder)).toEqual(['filler', ...FILES])

      const {pairs} = await readSaved(desk.folder, NAMES)
      expect(pairs).toEqual(pairsOf(NAMES, () => ANSWERED))
      expect((await desk.run('clean')).exitCode).toBe(0)
    })
  })
})

/** A desk whose folder is a disk of its own, with room for a few small files. */
async function atSmallDisk(work: (desk: EmbeddedDesk) => Promise<void>): Promise<void> {
  await atDesk({nodes: NAMES.map((name) => ({name}))}, async (desk) => {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', desk.folder])
    try {
      await work(desk)
    } finally {
      await run('umount', [desk.folder])
    }
  })
}

async function fill({folder}: EmbeddedDesk): Promise<void> {
  const page = Buffer.alloc(4096)
  for (;;) {
    try {
      await appendFile(join(folder, 'filler'), page)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return
      throw error
    }
  }
}

async function textsOf({folder}: EmbeddedDesk): Promise<string[]> {
  return await Promise.all(FILES.map((file) => readFile(join(folder, file), 'utf8')))
}
