import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {pictureOfCheck} from '../../scripts/drawing/check.ts'
import {screenOf} from '../../scripts/drawing/screen.ts'
import {svgOf} from '../../scripts/drawing/svg.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

const PICTURE = join(import.meta.dirname, '../../docs/images/check.svg')

/** Without what is different each time: how long it took, and the port of the API server. */
function settled(picture: string): string {
  return (
    picture
      .replace(/\d+(?:\.\d+)? (?:us|ms|s)\b/g, 'TIME')
      // A rate that rounds to none is not there.
      .replace(/, \d+(?:\.\d+)?\/s/g, '')
      .replace(/(?<=server http:\/\/127\.0\.0\.1:)\d+/, 'PORT')
  )
}

describe.skipIf(!npmKubectlRunsHere())('the picture in the README', () => {
  test('is what a check prints; npm run picture draws it anew', async () => {
    const [shown, drawn] = [await readFile(PICTURE, 'utf8'), await pictureOfCheck()]
    expect(settled(shown)).toBe(settled(drawn))
    expect(settled(drawn)).not.toBe(drawn)
  })
})

describe('a picture', () => {
  const words = {title: 'T & t', description: 'D'}
  const drawn = async (output: string) => svgOf(await screenOf(output, 20), words)

  test('shows what stays on the terminal, in its colours', async () => {
    const svg = await drawn(
      'moving\r\u001b[2Kdone \u001b[31mbad\u001b[39m\r\n\r\n\u001b[1m<&>\u001b[22m \u001b[2m\u2714\u001b[22m  \r\n',
    )
    expect([...svg.matchAll(/<text x="16" y="(\d+)">(.*)<\/text>/g)].map(([, y, text]) => [y, text])).toEqual(
      [
        ['30', 'done <tspan fill="#ff7b72">bad</tspan>'],
        ['68', '<tspan font-weight="bold">&lt;&amp;&gt;</tspan> <tspan opacity="0.6">\u2714</tspan>'],
      ],
    )
    expect(svg).not.toContain('moving')
  })

  test('is read to who cannot see it, and needs no other file', async () => {
    const svg = await drawn('a\r\n')
    expect(svg).toContain('role="img" aria-labelledby="title description"')
    expect(svg).toContain('<title id="title">T &amp; t</title>\n<desc id="description">D</desc>')
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|href|url\(/)
  })
})
