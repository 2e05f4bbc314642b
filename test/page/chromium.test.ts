import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {expect, test} from 'vitest'
import {chromiumIn} from './chromium.ts'

test('where there is no Chromium, it is said how to get one', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-path-'))
  try {
    const remedy =
      'install one (Debian and Ubuntu: apt-get install chromium), or name the file of a Chromium or Chrome in NETDOCTOR_CHROMIUM.'
    expect(() => chromiumIn({PATH: folder})).toThrow(`There is no Chromium in PATH: ${remedy}`)
    expect(() => chromiumIn({NETDOCTOR_CHROMIUM: '/opt/none'})).toThrow(
      `There is no Chromium at /opt/none: ${remedy}`,
    )
    const chrome = path.join(folder, 'google-chrome')
    await writeFile(chrome, '', {mode: 0o755})
    expect(chromiumIn({PATH: `/nowhere:${folder}`})).toBe(chrome)
  } finally {
    await rm(folder, {recursive: true})
  }
})
