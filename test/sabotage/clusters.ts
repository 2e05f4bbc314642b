import type {Mistake} from './mistake.ts'

/** What only a real cluster tells. */
export const CLUSTERS: readonly Mistake[] = [
  {
    what: 'silence after a connection is no timeout',
    file: 'src/protocols/tcp.ts',
    from: "'28': 'timeout',",
    to: "'28': 'reset',",
    noticedBy: [
      {
        test: 'e2e/faults',
        title: '%s: exactly what each breaks is FAILED, and resume finds it mended',
        row: 'drop n1 n2; drop6 n2 n1: exactly what each breaks is FAILED, and resume finds it mended',
      },
    ],
  },
  {
    what: 'a connection alone counts only where the answer is a good one',
    file: 'src/protocols/tcp.ts',
    from: "if (question.check === 'connect' && reached) return",
    to: "if (question.check === 'connect' && reached && http === '200') return",
    noticedBy: [
      {
        test: 'e2e/faults',
        title: 'a healthy network: all SUCCEEDED, and on every path there is a fault that makes it FAILED',
      },
    ],
  },
  {
    what: 'one floater that was restarted excuses whatever FAILED',
    file: 'src/probe/excuse.ts',
    from: 'now.incarnations.has(incarnation(floater)))',
    to: "[...now.incarnations].every((one) => one.endsWith('/0')))",
    noticedBy: [
      {
        test: 'e2e/process-faults',
        title: 'kill-floater n3 while n1 waits for n2: what touches n3 was measured or is an EXCEPTION',
      },
    ],
  },
  {
    what: 'of a node that has left the cluster only the floater is missing',
    file: 'src/probe/excuse.ts',
    from: 'return exception(state.absence, state.cause)',
    to: "return exception('no-floater', state.cause)",
    noticedBy: [
      {
        test: 'e2e/process-faults',
        title:
          'n3 is removed between check and resume: its probes are EXCEPTION, the others as the network is',
      },
    ],
  },
  {
    what: 'a Role allows what nobody asks for',
    file: 'docs/permissions.yaml',
    from: 'verbs: [get, list, watch, create]',
    to: 'verbs: [get, list, watch, create, delete]',
    noticedBy: [
      {
        test: 'e2e/privileges',
        title: 'every right is used, and but for the completion of namespaces none is lacking',
      },
    ],
  },
  {
    what: 'clean looks for what others have in a namespace that is not ours',
    file: 'src/floater/clean.ts',
    from: '  if (!space.ours) {',
    to: '  const others = space.ours ? [] : await foreignObjects(kubectl, namespace)\n  if (!space.ours || others.length > 0) {',
    noticedBy: [
      {
        test: 'e2e/privileges',
        title: 'only its own namespace, and objects of its own names there, are asked about or changed',
      },
    ],
  },
  {
    what: 'a port below 1024 is opened by a setting that is not safe',
    file: 'src/floater/manifest.ts',
    from: "{name: 'net.ipv4.ip_unprivileged_port_start', value: String(port)}",
    to: "{name: 'net.ipv4.ip_nonlocal_bind', value: '1'}",
    noticedBy: [
      {
        test: 'e2e/privileges',
        title: 'every floater but those of the node’s network is admitted where restricted is enforced',
      },
    ],
  },
]
