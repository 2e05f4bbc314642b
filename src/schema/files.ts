import * as z from 'zod'
import {diffLineSchema} from './diff.ts'
import {lineSchema} from './probe.ts'
import {reportSchema} from './report.ts'
import {resumeSchema} from './resume.ts'

/** The schema files, by name: what is parsed and written here, as others can read it. */
export function schemaFiles(): Readonly<Record<string, object>> {
  return {
    'report.schema.json': {
      ...head('report', 'report.json of kubectl netdoctor, version 1'),
      ...z.toJSONSchema(reportSchema),
      description: 'A whole run in columns, so that a million probes stay small.',
    },
    'probe.schema.json': {
      ...head('probe', 'A line of kubectl netdoctor -o json, version 1'),
      ...z.toJSONSchema(lineSchema),
      description: 'Every line is one JSON object: a line a probe, and then one line about the run.',
    },
    'diff.schema.json': {
      ...head('diff', 'A line of kubectl netdoctor diff -o json, version 1'),
      ...z.toJSONSchema(diffLineSchema),
      description:
        'Every line is one JSON object: a line a probe that did not plainly SUCCEED in both runs, and then one line about the whole.',
    },
    'resume.schema.json': {
      ...head('resume', 'resume.json of kubectl netdoctor, version 1'),
      ...z.toJSONSchema(resumeSchema, {io: 'input'}),
      description: 'What is not SUCCEEDED. Fields that a file of Kosmos’ netctl does not have are optional.',
    },
  }
}

function head(name: string, title: string) {
  return {$schema: '', $id: `urn:kubectl-netdoctor:schema:${name}:1`, title, description: ''}
}
