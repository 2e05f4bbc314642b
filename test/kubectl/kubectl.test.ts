import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {kubectlFor} from '../../src/kubectl/kubectl.ts'
import {KubectlMissing} from '../../src/model/error.ts'
import type {Connection} from '../../src/model/config.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-kubectl-'))))
afterEach(() => rm(folder, {recursive: true}))

/** A kubectl that is this shell script. */
async function scripted(script: string, connection: Connection = {}, signal = new AbortController().signal) {
  const program = path.join(folder, 'kubectl')
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
  const commands: string[] = []
  return {
    commands,
    kubectl: kubectlFor(connection, {program, signal, onCommand: (line) => commands.push(line)}),
  }
}

const patient = {deadline: 30_000, onLine: () => undefined}

test('a result has what was printed, and how it ended', async () => {
  const {kubectl} = await scripted('echo out; echo err >&2; exit 3')
  expect(await kubectl.run(['get', 'pods'])).toEqual({
    ok: false,
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
    timedOut: false,
  })
})

test('every flag of the connection is one word, in front of the command', async () => {
  const connection = {
    kubeconfig: '/a b/config',
    context: "ann's",
    as: 'x; reboot',
    asGroups: ['g1', 'g2'],
    requestTimeout: '5s',
  }
  const {kubectl, commands} = await scripted('printf "%s\\n" "$@"', connection)
  const {stdout} = await kubectl.run(['get', 'pods'])
  const who = [
    '--kubeconfig=/a b/config',
    "--context=ann's",
    '--as=x; reboot',
    '--as-group=g1',
    '--as-group=g2',
  ]
  expect(stdout.split('\n')).toEqual([...who, '--request-timeout=5s', 'get', 'pods', ''])
  expect(commands).toEqual([
    `${folder}/kubectl '--kubeconfig=/a b/config' '--context=ann'\\''s' '--as=x; reboot' --as-group=g1 --as-group=g2 --request-timeout=5s get pods`,
  ])
})

test('a stream has no request timeout: it would be cut', async () => {
  const {kubectl} = await scripted('printf "%s\\n" "$@"', {requestTimeout: '5s'})
  const lines: string[] = []
  await kubectl.stream(['exec', 'x'], {...patient, onLine: (line) => lines.push(line)})
  expect(lines).toEqual(['exec', 'x'])
})

test('input is all there, and an output of megabytes too', async () => {
  const {kubectl} = await scripted('cat')
  const input = 'é0123456789\n'.repeat(300_000)
  expect((await kubectl.run([], {input})).stdout).toBe(input)
})

test('a kubectl that does not read its input does no harm', async () => {
  const {kubectl} = await scripted('exec <&-; exit 0')
  expect((await kubectl.run([], {input: 'x'.repeat(1_000_000)})).ok).toBe(true)
})

describe('a stream', () => {
  test('gives whole lines as they come, and nothing of one that was cut off', async () => {
    const {kubectl} = await scripted('printf "one\\ntw"; printf "o\\n\\nhal"')
    const lines: string[] = []
    const result = await kubectl.stream([], {...patient, onLine: (line) => lines.push(line)})
    expect(lines).toEqual(['one', 'two', ''])
    expect(result.ok).toBe(true)
  })

  test('carries a hundred thousand lines', async () => {
    const {kubectl} = await scripted('seq 100000')
    let sum = 0
    await kubectl.stream([], {...patient, onLine: (line) => (sum += Number(line))})
    expect(sum).toBe(5_000_050_000)
  })
})

describe('a process that does not end', () => {
  test('is ended at its deadline', async () => {
    const {kubectl} = await scripted('exec sleep 600')
    expect(await kubectl.run([], {deadline: 50})).toMatchObject({
      ok: false,
      exitCode: undefined,
      timedOut: true,
    })
  })

  test('keeps its input until then, and is told by the end of it first', async () => {
    const {kubectl} = await scripted('cat; echo bye >"$0.bye"')
    const result = await kubectl.stream([], {deadline: 50, input: 'x\n', onLine: () => undefined})
    expect(result).toMatchObject({ok: false, exitCode: 0, timedOut: true})
    expect(await readFile(path.join(folder, 'kubectl.bye'), 'utf8')).toBe('bye\n')
  })

  test('is killed when it listens to nothing', async () => {
    const {kubectl} = await scripted("trap '' TERM; while :; do sleep 0.1; done")
    expect(await kubectl.stream([], {...patient, deadline: 50, input: ''})).toMatchObject({timedOut: true})
  })

  test.each(['everything', 'this one'])('is ended by the signal that ends %s', async (which) => {
    const interruption = new AbortController()
    const own = new AbortController()
    const signal = which === 'everything' ? interruption : own
    const {kubectl} = await scripted('echo started; exec sleep 600', {}, interruption.signal)
    const onLine = () => signal.abort('SIGINT')
    const result = await kubectl.stream([], {deadline: 30_000, onLine, signal: own.signal})
    expect(result).toMatchObject({ok: false, exitCode: undefined, timedOut: false})
  })

  test('does not get far where the signal was there first', async () => {
    const {kubectl} = await scripted('exec sleep 600', {}, AbortSignal.abort('SIGINT'))
    expect(await kubectl.run([])).toMatchObject({ok: false, timedOut: false})
  })
})

test.each(['is not there', 'may not be run', 'is a folder'])('a kubectl that %s is missing', async (how) => {
  const program = path.join(folder, 'kubectl')
  if (how === 'may not be run') await writeFile(program, '#!/bin/sh\n', {mode: 0o644})
  const {signal} = new AbortController()
  const environment = {program: how === 'is a folder' ? folder : program, signal, onCommand: () => undefined}
  const kubectl = kubectlFor({}, environment)
  await expect(kubectl.run(['version'])).rejects.toThrow(KubectlMissing)
  await expect(kubectl.stream(['version'], patient)).rejects.toThrow(KubectlMissing)
})
