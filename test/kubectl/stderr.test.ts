import {expect, test} from 'vitest'
import {reasonIn} from '../../src/kubectl/stderr.ts'

test.each([
  ['', 'kubectl gave no reason'],
  ['error: unknown command\n', 'unknown command'],
  ['Error from server (Forbidden): pods is forbidden\n', 'pods is forbidden'],
  ['Error from server: etcdserver: request timed out\n', 'etcdserver: request timed out'],
  [
    'Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout\n',
    'Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout',
  ],
  ['Warning: v1 is deprecated\nerror: no\nWarning: again\n', 'no'],
  [
    "E1122 20:13:44.123456   12345 memcache.go:265] couldn't get current server API group list\n",
    "couldn't get current server API group list",
  ],
  ['error: a\u001b[2Jb\r\n\n', 'ab'],
  ["error: unknown flag: --x\nSee 'kubectl get --help' for usage.\n", 'unknown flag: --x'],
  ['only\nthe last\n', 'the last'],
  [
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
    'The connection to the server localhost:8080 was refused',
  ],
  ['error: It is forbidden.\n', 'It is forbidden'],
  ['error: Trying again...\n', 'Trying again...'],
  [
    'Unable to connect to the server: getting credentials: exec: executable aws not found\n\nIt looks like\nhttps://kubernetes.io/docs/\n',
    "the kubeconfig's credential plugin failed: executable aws not found",
  ],
  [
    'Login has expired\nLogin has expired\nUnable to connect to the server: getting credentials: exec: executable a failed with exit code 1\n',
    "the kubeconfig's credential plugin failed: executable a failed with exit code 1 (Login has expired)",
  ],
  [
    'E1122 20:13:44.123456   12345 memcache.go:265] "Unhandled Error" err="getting credentials: exec: executable a failed with exit code 1"\nUnable to connect to the server: getting credentials: exec: executable a failed with exit code 1\n',
    "the kubeconfig's credential plugin failed: executable a failed with exit code 1",
  ],
])('%j', (stderr, reason) => {
  expect(reasonIn(stderr)).toBe(reason)
})
