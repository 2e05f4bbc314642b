import {expect, test} from 'vitest'
import type {FieldName} from '../../src/config/fields.ts'
import {validate} from '../../src/config/validate.ts'

test.each<[FieldName, (string | boolean)[], unknown]>([
  ['namespace', ['123'], '123'],
  ['port', ['8080'], '8080'],
  ['maxNum', ['12'], 12],
  ['retries', ['0'], 0],
  ['protocol', ['tcp'], 'tcp'],
  ['protocol', ['tcp,dns'], ['tcp', 'dns']],
  ['protocol', ['tcp', 'udp,dns'], ['tcp', 'udp', 'dns']],
  ['mode', ['node'], 'node'],
  ['imagePullSecrets', ['a,b', 'c'], ['a', 'b', 'c']],
  ['nodeSelector', ['a=b,c=', 'd/e=f'], {a: 'b', c: '', 'd/e': 'f'}],
  ['cidrMap', ['10.0.0.0/8=11.0.0.0/8'], {'10.0.0.0/8': '11.0.0.0/8'}],
  ['cidrMap', [''], {}],
  ['tolerations', ['[{"operator": "Exists"}]'], [{operator: 'Exists'}]],
  ['clusters', ['[{"name": "a"}]'], [{name: 'a'}]],
  ['autoClean', [true], true],
  ['autoClean', [false], false],
  ['from', ['a in (b,c)'], 'a in (b,c)'],
])('%s as a flag: %j is %j', (name, typed, value) => {
  expect(validate({flags: {[name]: typed}})).toEqual({fields: {[name]: value}})
})

test('lists, and words with commas in them', () => {
  const flags = {
    customizedTargetIPList: ['10.0.0.1,::1', 'db'],
    customizedTargetPortList: ['80,443'],
    ...{floater: ['custom'], image: ['a'], answer: ['a,b']},
    command: ['sh', '-c', 'a,b'],
  }
  expect(validate({flags}).fields).toMatchObject({
    customizedTargetIPList: ['10.0.0.1', '::1', 'db'],
    customizedTargetPortList: ['80', '443'],
    answer: 'a,b',
    command: ['sh', '-c', 'a,b'],
  })
})

test.each<[FieldName, (string | boolean)[], string]>([
  ['podWaitTime', ['1m'], '--pod-wait-time must be a whole number from 1 to 86400; found "1m"'],
  [
    'srcImageRepository',
    ['a b'],
    '--src-image-repository must be a registry and path, such as "registry.example.com/network"; found "a b"',
  ],
  [
    'protocol',
    ['tcp,http'],
    '--protocol must be "tcp", "udp", "icmp", "dns", or a list of them; found "tcp,http"',
  ],
  ['protocol', [''], '--protocol must be "tcp", "udp", "icmp", "dns", or a list of them; found ""'],
  ['namespace', ['a', 'b'], '--namespace is given 2 times'],
  ['autoClean', [true, false], '--auto-clean is given 2 times'],
  ['namespace', [false], '--namespace has no --no-namespace: only what is true or false has'],
  ['nodeSelector', ['a=b,c'], '--node-selector must be pairs such as a=b,c=d; found "c"'],
  ['nodeSelector', ['a=b', 'a=c'], '--node-selector names "a" twice'],
  [
    'nodeSelector',
    ['a=b c'],
    '--node-selector.a must be the value of a label (up to 63 letters, digits, "-", "_" and "."); found "b c"',
  ],
  ['tolerations', ['Exists'], '--tolerations must be JSON; found "Exists"'],
  [
    'tolerations',
    ['{}'],
    '--tolerations must be a list of tolerations, such as [{"operator": "Exists"}]; found "{}"',
  ],
  ['clusters', ['[{"name": "a", "nam": 1}]'], 'unknown field "nam" in --clusters[0]; did you mean "name"?'],
  ['clusters', ['[{}]'], '--clusters[0] has no "name"'],
  [
    'customizedTargetPortList',
    ['80,x'],
    '--customized-target-port-list[1] must be a port from 1 to 65535; found "x"',
  ],
])('%s as a flag: %j is refused: %s', (name, typed, problem) => {
  expect(validate({flags: {[name]: typed}})).toEqual({problems: [problem]})
})

test('all wrong flags are told at once', () => {
  expect(validate({flags: {maxNum: ['x'], retries: ['y']}}).problems).toHaveLength(2)
})

test('a flag beats the file, also where it says that nothing is set', () => {
  const file = {name: 'config.json', text: '{"maxNum": 3, "dstContext": "b", "imagePullSecrets": ["a"]}'}
  const flags = {maxNum: ['4'], dstContext: [''], imagePullSecrets: ['']}
  expect(validate({file, flags})).toEqual({fields: {maxNum: 4}})
})
