import {createReadStream} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {execa} from 'execa'
import type {TestProject} from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** What scripts/release made, for all tests here. */
    release: string
  }
}

/** Makes a whole release once, and serves its archives where its netdoctor.yaml says that they are. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporary = await mkdtemp(join(tmpdir(), 'netdoctor-release-test-'))
  const release = join(temporary, 'release')
  const server = createServer(({url = ''}, response) => {
    createReadStream(join(release, basename(url)))
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const teardown = async () => {
    server.closeAllConnections()
    server.close()
    await rm(temporary, {recursive: true, force: true})
  }
  try {
    const script = join(import.meta.dirname, '../../scripts/release')
    await execa(script, [release, '--host', host, '--homepage', 'https://netdoctor.example'])
  } catch (error) {
    await teardown()
    throw error
  }
  project.provide('release', release)
  return teardown
}
