import {describe, expect, test} from 'vitest'
import {FIELD_NAMES, FIELDS, type Field, type FieldName} from '../../src/config/fields.ts'
import {inspect} from '../../src/config/inspect.ts'

const DNS_LABEL = 'a'.repeat(63)
const SHA256 = 'f'.repeat(64)

/** What a field takes, and what it does not take: [good], [bad]. */
const CASES: Record<FieldName, [good: unknown[], bad: unknown[]]> = {
  mode: [
    ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver', ['pod', 'node'], ''],
    ['Pod', 'pods', [], ['pod', ''], null, 1],
  ],
  protocol: [
    ['tcp', 'udp', 'icmp', 'dns', ['tcp', 'dns']],
    ['http', '', [], ['tcp', 'http'], null],
  ],
  ipFamily: [
    ['auto', 'ipv4', 'ipv6'],
    ['IPv4', '', 4, ['ipv4']],
  ],
  from: [
    [
      ...[
        'n1',
        'n1,n2',
        'n1, n2',
        'node-1.example.com',
        'a=b',
        'a==b',
        'a!=b',
        'a>1',
        'a=',
        '!a',
        'a,!b,c=d',
      ],
      ...['zone in (a, b)', 'zone in (a,b),x=y', 'zone notin (a)', 'kubernetes.io/os=linux'],
    ],
    ['', ',', 'n1,', 'a b', 'a=b=c', 'a in b', 'a in (b', '-n1', 'n1;id', 'n1\n', '$(id)', ['n1'], 1, null],
  ],
  to: [
    ['n1', 'a=b'],
    ['', 'a b'],
  ],
  bothWays: [
    [true, false],
    ['true', 1, null],
  ],
  sample: [
    [1, 10_000],
    [0, 10_001, 1.5, '5', null],
  ],
  sameNode: [[true, false], ['yes']],
  mtu: [[true, false], [1500]],
  customizedTargetIPList: [
    [[], ['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', 'db', 'db.Example.com.', '1.2.3.4a', 'a'.repeat(63)]],
    [
      ...[['']],
      ...[['10.1'], ['10.0.0.256'], ['010.0.0.1'], ['1.2.3.4.5'], ['0x7f.1'], ['0x7f000001'], ['2130706433']],
      ...[['fe80::1%eth0'], ['[::1]'], ['10.0.0.1:80'], ['a_b'], ['-a'], ['a-.b'], ['a..b'], ['a b'], ['é']],
      ...[['a'.repeat(64)], [`${'a.'.repeat(127)}ab`], ['http://a'], ['a/b'], [1], 'a', {}, null],
    ],
  ],
  customizedTargetPortList: [
    [[], [80, '443'], [1, 65_535], ['1', '65535']],
    [[0], [65_536], ['0'], ['65536'], ['080'], ['80-90'], [1.5], [''], [null], 80, '80'],
  ],
  targetDNSServer: [
    ['', '10.96.0.10', 'fd00::a', 'dns.example.com'],
    ['10.96.0.10:53', '10.96', ['10.96.0.10'], null],
  ],
  targetHostToLookup: [
    ['', 'kubernetes.default.svc.cluster.local.', 'localhost'],
    ['10.0.0.1', 'a b', '*.example.com', 1],
  ],
  srcKubeConfig: [
    ['~/My Documents/config', '/a', 'é'],
    ['', 'a\nb', 7, null],
  ],
  srcContext: [
    ['admin@prod', 'arn:aws:eks:eu:1:cluster/a'],
    ['', 'a\u0000', 7],
  ],
  srcImageRepository: [
    ['registry.example.com:5000/a/b-c__d', 'localhost', 'ghcr.io/kosmos-io'],
    ['', 'https://ghcr.io', 'ghcr.io/', 'ghcr.io/A', 'a b', 'a:b:c'],
  ],
  dstKubeConfig: [
    ['', '~/dst'],
    ['a\nb', null],
  ],
  dstContext: [['', 'b'], [null]],
  dstImageRepository: [
    ['', 'example.com/b'],
    ['ghcr.io/A', 3],
  ],
  clusters: [
    [
      [{name: 'a'}],
      [
        {
          ...{name: 'a.b-1', kubeconfig: '~/a', context: 'a', imageRepository: 'example.com'},
          cidrMap: {'10.0.0.0/8': '11.0.0.0/8'},
        },
        {name: DNS_LABEL},
      ],
    ],
    [
      ...[[], {}, 'a', null, [null], ['a'], [[]], [{}], [{name: ''}], [{name: 'A'}], [{name: '-a'}]],
      ...[[{name: 'a-'}], [{name: 'a b'}], [{name: `${DNS_LABEL}a`}], [{name: 'a', port: 1}]],
      ...[[{name: 'a', kubeconfig: ''}], [{name: 'a', context: null}], [{name: 'a', cidrMap: []}]],
      [{name: 'a', ['__proto__']: 1, constructor: 2}],
    ],
  ],
  cidrMap: [
    [{}, {'10.244.0.0/16': '10.10.0.0/16', '2001:DB8::/48': 'fd00::/48'}, {'0.0.0.0/0': '0.0.0.0/0'}],
    [
      ...[[], 'a', null, {'10.0.0.0': '10.0.0.0/8'}, {'10.0.0.0/8': '10.0.0.0'}, {'10.0.0.0/8': 1}],
      ...[{'10.0.0.0/33': '10.0.0.0/8'}, {'10.0/16': '10.1.0.0/16'}, {'': ''}, {a: 'b'}],
      JSON.parse('{"__proto__": "10.0.0.0/8"}'),
    ],
  ],
  intra: [[true, false], ['']],
  namespace: [
    ['a', DNS_LABEL, '123'],
    ['Kube_System', '', '-a', 'a-', `${DNS_LABEL}a`, 'a.b', 1],
  ],
  floater: [
    ['clusterlink-floater', 'netdr-floater', 'agnhost', 'custom'],
    ['', 'curl', null],
  ],
  version: [
    ['v0.2.0', '0.2.1', 'latest', '_'],
    ['', 'v 1', '.a', 'a'.repeat(129), 1],
  ],
  image: [
    [
      ...['alpine', 'alpine:3', 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0', 'localhost:5000/a/b'],
      ...[`ghcr.io/a/b@sha256:${SHA256}`, `a:v1@sha256:${SHA256}`, `a@sha512:${SHA256}${SHA256}`],
    ],
    ['', 'https://a/b', 'a/B', 'a:', 'a:b:c', 'a@sha256:abc', `a@md5:${SHA256}`, 'a b', '/a', 'a/', ['a'], 1],
  ],
  imagePullSecrets: [
    [[], ['regcred', 'a.b-c']],
    [['A'], [''], ['a/b'], [{name: 'a'}], 'regcred', ['a'.repeat(254)]],
  ],
  port: [
    [8889, '8889', 1, '65535'],
    ['0', 0, 65_536, '65536', '08889', '8889/tcp', '', 1.5, null, ['80']],
  ],
  podWaitTime: [
    [1, 86_400],
    [0, 86_401, '30', 1.5, null],
  ],
  nodeSelector: [
    [{}, {'kubernetes.io/os': 'linux', a: '', 'A.b_c-d': 'E'}],
    [
      ...[{'': 'a'}, {'-a': 'b'}, {'a/b/c': 'd'}, {'A/b': 'c'}, {'/a': 'b'}, {'a/': 'b'}, {a: true}],
      ...[{a: 'b c'}, {a: '-'}, {a: 'a'.repeat(64)}, {['a'.repeat(64)]: 'a'}, [], 'a=b', null],
      JSON.parse('{"__proto__": "a"}'),
    ],
  ],
  tolerations: [
    [
      [],
      [{operator: 'Exists'}],
      [{key: 'a/b', operator: 'Equal', value: 'c', effect: 'NoExecute', tolerationSeconds: 0}, {}],
    ],
    [
      ...[{}, 'Exists', [null], ['a'], [{operator: 'exists'}], [{key: ''}], [{effect: 'noSchedule'}]],
      ...[[{tolerationSeconds: -1}], [{tolerationSeconds: '1'}], [{keys: 'a'}], [{value: 1}]],
    ],
  ],
  priorityClassName: [['system-node-critical'], ['', 'A', 'a b', 1]],
  command: [[['sh', '-c', 'nc -lk -p 80, 81']], [[], [''], ['a\n'], 'sh', [1], null]],
  answer: [
    ['OK', 'a'.repeat(256), ' '],
    ['', 'a\n', 'a'.repeat(257), 1, null],
  ],
  maxNum: [
    [1, 1000],
    [0, 1001, 1.5, '3', null],
  ],
  parallel: [
    [1, 1000],
    [0, 1001, '64'],
  ],
  cmdTimeout: [
    [1, 3600],
    [0, 3601, '10', true],
  ],
  retries: [
    [0, 10],
    [-1, 11, '1'],
  ],
  autoClean: [
    [true, false],
    ['', 'false', 0, null],
  ],
}

describe.each(FIELD_NAMES)('%s', (name) => {
  const [good, bad] = CASES[name]
  test.each(good.map((value) => [value]))('can be %j', (value) => {
    expect(inspect(FIELDS[name], value, [name])).toEqual([])
  })
  test.each(bad.map((value) => [value]))('cannot be %j', (value) => {
    const slips = inspect(FIELDS[name], value, [name])
    expect(slips).not.toEqual([])
    for (const {path, say} of slips) {
      expect(path[0]).toBe(name)
      expect(say((place) => place.join('/'))).toMatch(/ must be .+; found |^unknown field | has no "/)
    }
  })
})

test.each<[FieldName, unknown, string]>([
  [
    'mode',
    'x',
    'mode must be "pod", "node", "node-to-pod", "pod-to-node", "service", "nodeport", "apiserver", or a list of them; found "x"',
  ],
  [
    'protocol',
    ['tcp', 'x'],
    'protocol must be "tcp", "udp", "icmp", "dns", or a list of them; found ["tcp","x"]',
  ],
  ['ipFamily', 'x', 'ipFamily must be "auto", "ipv4", "ipv6"; found "x"'],
  [
    'from',
    'a b',
    'from must be names of nodes, separated by commas, or a label selector, such as "zone=a,!spot"; found "a b"',
  ],
  ['autoClean', 'x', 'autoClean must be true or false; found "x"'],
  [
    'customizedTargetIPList',
    'x',
    'customizedTargetIPList must be a list of up to 1000 addresses and host names; found "x"',
  ],
  ['customizedTargetPortList', 80, 'customizedTargetPortList must be a list of up to 1000 ports; found 80'],
  [
    'targetDNSServer',
    'a:53',
    'targetDNSServer must be an IPv4 or IPv6 address, or a host name; found "a:53"',
  ],
  [
    'targetHostToLookup',
    '1.2',
    'targetHostToLookup must be a host name, such as "db.example.com"; found "1.2"',
  ],
  ['srcKubeConfig', '', 'srcKubeConfig must be the path of a kubeconfig file; found ""'],
  ['srcContext', 7, 'srcContext must be the name of a kubectl context; found 7'],
  [
    'dstImageRepository',
    'a b',
    'dstImageRepository must be a registry and path, such as "registry.example.com/network"; found "a b"',
  ],
  ['clusters', [], 'clusters must be a list of clusters, such as [{"name": "east"}]; found []'],
  [
    'cidrMap',
    [],
    'cidrMap must be an object of ranges of addresses, such as {"10.244.0.0/16": "10.10.0.0/16"}; found []',
  ],
  [
    'namespace',
    'A',
    'namespace must be a namespace name (up to 63 lower-case letters, digits and "-"); found "A"',
  ],
  ['version', 'v 1', 'version must be an image tag, such as "v0.2.0"; found "v 1"'],
  ['image', 'A', 'image must be an image, such as "registry.example.com/network/floater:v1"; found "A"'],
  [
    'imagePullSecrets',
    ['A'],
    'imagePullSecrets/0 must be a name (lower-case letters, digits, "-" and "."); found "A"',
  ],
  ['port', 0, 'port must be a port from 1 to 65535; found 0'],
  ['podWaitTime', 0, 'podWaitTime must be a whole number from 1 to 86400; found 0'],
  [
    'nodeSelector',
    {'a b': 'c'},
    'nodeSelector/a b must be the key of a label, such as "kubernetes.io/os"; found "a b"',
  ],
  [
    'nodeSelector',
    {a: 'b c'},
    'nodeSelector/a must be the value of a label (up to 63 letters, digits, "-", "_" and "."); found "b c"',
  ],
  [
    'tolerations',
    {},
    'tolerations must be a list of tolerations, such as [{"operator": "Exists"}]; found {}',
  ],
  [
    'tolerations',
    [1],
    'tolerations/0 must be an object, such as {"key": "dedicated", "operator": "Exists"}; found 1',
  ],
  [
    'clusters',
    [{name: 'A'}],
    'clusters/0/name must be a name (up to 63 lower-case letters, digits, "-" and "."); found "A"',
  ],
  ['command', [], 'command must be a list of words; found []'],
  ['answer', '', 'answer must be a text of up to 256 characters; found ""'],
])('%s: %j is told so', (name, value, sentence) => {
  const field: Field = FIELDS[name]
  expect(inspect(field, value, [name]).map(({say}) => say((place) => place.join('/')))).toEqual([sentence])
})

test.each<[FieldName, unknown, number]>([
  ['customizedTargetIPList', '10.0.0.1', 1000],
  ['customizedTargetPortList', 80, 1000],
  ['imagePullSecrets', 'a', 100],
  ['clusters', {name: 'a'}, 100],
  ['tolerations', {key: 'a'}, 100],
  ['command', 'a', 100],
])('%s: as many as %j as there is room for, and no more', (name, item, most) => {
  const slips = (count: number) => inspect(FIELDS[name], new Array(count).fill(item), [name])
  expect([slips(most).length, slips(most + 1).length]).toEqual([0, 1])
})

test('every flag is one field’s only', () => {
  const flags = FIELD_NAMES.map((name) => FIELDS[name].flag)
  expect(new Set(flags).size).toBe(flags.length)
  for (const flag of flags) expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/)
})
