import {createCluster} from './create.ts'

// A test run that is killed at some moment: raises a cluster of the given name, tells each step, and never ends.
await createCluster({
  name: process.argv[2] ?? '',
  nodes: 1,
  say: (text) => process.stdout.write(`${text}\n`),
})
process.stdout.write('up\n')
setInterval(() => undefined, 60_000)
