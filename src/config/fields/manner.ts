import {trueOrFalse, whole} from '../value.ts'
import type {Field} from './field.ts'

const group = 'How:'

/** How much at a time, how long, how often. */
export const mannerFields = {
  maxNum: {...whole(1, 1000), flag: 'max-num', group, describe: 'nodes that probe at the same time'},
  parallel: {
    ...whole(1, 1000),
    flag: 'parallel',
    group,
    describe: 'probes at the same time in one floater (64)',
  },
  cmdTimeout: {
    ...whole(1, 3600),
    flag: 'cmd-timeout',
    group,
    describe: 'seconds that one probe may take (10)',
  },
  retries: {...whole(0, 10), flag: 'retries', group, describe: 'how often what failed is probed again (1)'},
  autoClean: {...trueOrFalse, flag: 'auto-clean', group, describe: 'clean when the report is out'},
} as const satisfies Record<string, Field>
