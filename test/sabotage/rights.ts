import type {Mistake} from './mistake.ts'

/** What is asked of the API server, and what is said of it. */
export const RIGHTS: readonly Mistake[] = [
  {
    what: 'a request is not told of',
    file: 'SECURITY.md',
    from: '`list limitranges`, ',
    to: '',
    noticedBy: [
      {
        test: 'preflight/documented',
        title: 'SECURITY.md tells of every request that a right is for',
      },
      {test: 'e2e/privileges', title: 'what is asked is documented, and what is documented is asked'},
    ],
  },
  {
    what: 'the documented Role lacks a right',
    file: 'docs/permissions.yaml',
    from: 'resources: [daemonsets]\n    verbs: [list, create, patch, delete]',
    to: 'resources: [daemonsets]\n    verbs: [list, create, delete]',
    noticedBy: [
      {
        test: 'embedded/check-api',
        title: 'the documented ones are enough for check and clean in a namespace that exists',
      },
    ],
  },
  {
    what: 'kubectl waits for what it deletes, by requests of its own',
    file: 'src/floater/clean.ts',
    from: "'--ignore-not-found', '--wait=false']",
    to: "'--ignore-not-found']",
    noticedBy: [
      {
        test: 'embedded/requests',
        title: 'are documented, with kubectl %s',
        row: 'are documented, with kubectl 1.35',
      },
    ],
  },
  {
    what: 'slices of others that are named like ours are removed',
    file: 'src/floater/left-services.ts',
    from: '`${MANAGED_BY_US},${SERVICE_NAME_LABEL} in',
    to: '`${SERVICE_NAME_LABEL} in',
    noticedBy: [
      {
        test: 'embedded/requests',
        title: 'what earlier ones have left of services goes, and nothing else does',
      },
    ],
  },
]
