import type {Mistake} from './mistake.ts'

/** What stays in a cluster and in a folder. */
export const TRACES: readonly Mistake[] = [
  {
    what: 'fields of others are taken by force',
    file: 'src/floater/deploy.ts',
    from: "      '--server-side',\n",
    to: "      '--server-side',\n      '--force-conflicts',\n",
    noticedBy: [
      {
        test: 'embedded/lies-api',
        title: 'what is not ours is not taken over, even where the server hides it',
      },
    ],
  },
  {
    what: 'what may not be listed is not there',
    file: 'src/floater/clean.ts',
    from: 'return listing.ok ? foreign : [...foreign, reasonIn(listing.stderr)]',
    to: 'return foreign',
    noticedBy: [
      {
        test: 'embedded/lies-clean',
        title: '$what: it says so, and ends the work when asked again',
        row: "'listing what is not ours: 403': it says so, and ends the work when asked again",
      },
    ],
  },
  {
    what: 'the namespace is made without our label',
    file: 'manifests/namespace.yaml',
    from: '    app.kubernetes.io/managed-by: kubectl-netdoctor',
    to: '    app.kubernetes.io/name: kubectl-netdoctor',
    noticedBy: [{test: 'embedded/check', title: 'kubectl %s', row: 'kubectl 1.33'}],
  },
  {
    what: 'floaters get a token of the API server',
    file: 'manifests/floater.yaml',
    from: 'automountServiceAccountToken: false',
    to: 'automountServiceAccountToken: true',
    noticedBy: [
      {
        test: 'embedded/known-defects',
        title:
          'a namespace and a DaemonSet are all that is created: no right, no privilege, nothing of the node',
      },
    ],
  },
  {
    what: 'whoever reads no more ends the run',
    file: 'src/main.ts',
    from: "  process.stderr.on('error', () => undefined)\n",
    to: '',
    noticedBy: [
      {
        test: 'embedded/interruptions',
        title: '$name: whole files, resume completes, clean leaves the cluster as it was, nothing runs on',
        row: "'nobody reads its output any more': whole files, resume completes, clean leaves the cluster as it was, nothing runs on",
      },
    ],
  },
  {
    what: 'whether the folder can be written to is not tried beforehand',
    file: 'src/cli/session.ts',
    from: "  await assertWritable('.')\n",
    to: '',
    noticedBy: [
      {test: 'embedded/disk', title: 'is read-only: said before the cluster is asked for anything'},
    ],
  },
  {
    what: 'a file is written over the old one',
    file: 'src/files/files.ts',
    from: `    await pour(temporary, 'wx', chunks)
    await fs.rename(temporary, file)`,
    to: `    await pour(file, 'w', chunks)`,
    noticedBy: [
      {
        test: 'embedded/disk',
        title: 'is full when the run ends: the results are shown, and the old files are what they were',
      },
    ],
  },
]
