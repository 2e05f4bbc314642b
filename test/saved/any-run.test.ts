import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Run} from '../../src/model/run.ts'
import {FORMAT_NAMES} from '../../src/report/format.ts'
import {FORMATS} from '../../src/report/index.ts'
import {parseReport, reportJson} from '../../src/saved/report.ts'
import {resumeJson} from '../../src/saved/resume.ts'
import {anyRun} from '../report/samples.ts'
import {shown} from '../report/shown.ts'

const text = (run: Run) => [...reportJson(run)].join('')

test('what was saved of any run comes back, the same in every format and in resume.json', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const back = parseReport(text(run), 'report.json')
      expect(back).toEqual(run)
      for (const name of FORMAT_NAMES) expect(shown(FORMATS[name], back)).toBe(shown(FORMATS[name], run))
      expect([...resumeJson(back)]).toEqual([...resumeJson(run)])
      expect(JSON.parse(text(back))).toEqual(JSON.parse(text(run)))
    }),
  )
})
