import {createReadStream} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {execa} from 'execa'

/** A release on loopback, until it is stopped. */
export interface Served {
  /** What scripts/release made. */
  readonly folder: string
  readonly stop: () => Promise<void>
}

/** Makes a release, of one target alone where it is named, and serves its archives where its netdoctor.yaml says that they are. */
export async function serveRelease(only?: string): Promise<Served> {
  const temporary = await mkdtemp(join(tmpdir(), 'netdoctor-release-test-'))
  const folder = join(temporary, 'release')
  const server = createServer(({url = ''}, response) => {
    createReadStream(join(folder, basename(url)))
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await rm(temporary, {recursive: true, force: true})
  }
  try {
    const script = join(import.meta.dirname, '../../scripts/release')
    const addresses = ['--host', host, '--homepage', 'https://netdoctor.example']
    await execa(script, [folder, ...addresses, ...(only === undefined ? [] : ['--only', only])])
  } catch (error) {
    await stop()
    throw error
  }
  return {folder, stop}
}
