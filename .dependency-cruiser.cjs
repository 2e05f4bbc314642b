// Which way data moves in src/: every folder names the folders that it may import, and who may import what has effects.

const FOLDERS = {
  model: [],
  text: [],
  address: ['model'],
  config: ['model', 'text', 'address'],
  kubectl: ['model', 'text'],
  files: ['model', 'text'],
  preflight: [
    ...['model', 'text', 'address', 'kubectl'],
    ...['floater/labels.ts', 'floater/claim.ts', 'floater/sidecars.ts'],
  ],
  floater: ['model', 'text', 'address', 'kubectl'],
  plan: ['model', 'text', 'address'],
  protocols: ['model', 'text', 'address'],
  results: ['model', 'text', 'address', 'plan'],
  probe: ['model', 'text', 'address', 'kubectl', 'floater/labels.ts', 'plan', 'protocols', 'results'],
  diagnosis: ['model', 'text', 'address', 'plan', 'results'],
  diff: ['model', 'text', 'plan', 'results'],
  'follow-up': ['model', 'address', 'kubectl', 'plan', 'protocols', 'probe', 'results', 'diagnosis/mark.ts'],
  schema: ['model', 'address', 'results'],
  saved: ['model', 'text', 'address', 'plan', 'results', 'schema'],
  report: ['model', 'text', 'address', 'plan', 'results', 'diagnosis', 'diff', 'schema'],
  run: [
    ...['model', 'text', 'config', 'kubectl'],
    ...['preflight', 'floater', 'plan', 'protocols', 'probe', 'results', 'diagnosis', 'follow-up'],
  ],
  progress: ['text', 'run/progress.ts'],
  cli: [
    ...[
      'model',
      'text',
      'address',
      'config',
      'kubectl',
      'files',
      'preflight',
      'floater',
      'plan',
      'protocols',
    ],
    ...['probe', 'results', 'diagnosis', 'diff', 'saved', 'report', 'run', 'progress'],
  ],
}

/** Folders without effects: what they give depends on nothing but what they are given. */
const PURE = [
  'model',
  'text',
  'address',
  'config',
  'plan',
  'protocols',
  'results',
  'diagnosis',
  'diff',
  'schema',
  'saved',
  'report',
]

/** Packages that compute and do nothing else. */
const PURE_PACKAGES = ['fastest-levenshtein', 'fflate', 'ipaddr.js', 'jsonc-parser', 'table', 'zod']

/** Packages and parts of Node that only one folder, or only one file, may import. */
const ONE_IMPORTER = {
  execa: 'kubectl/',
  'fs-extra': 'files/',
  listr2: 'progress/',
  yargs: 'cli/',
  fs: 'files/',
  os: 'main.ts',
  process: 'main.ts',
}

const src = (paths) => paths.map((path) => `^src/${path}${path.endsWith('.ts') ? '$' : '/'}`)
const anyOf = (names) => `(${names.join('|')})`
const npm = (names) => `(^|/)node_modules/(@types/)?${anyOf(names)}/`
const core = (names) => `^(node:)?${anyOf(names)}(/|$)`

const arrows = Object.entries(FOLDERS).map(([folder, imports]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} imports ${imports.join(', ') || 'no other folder'}.`,
  severity: 'error',
  from: {path: `^src/${folder}/`},
  to: {path: '^src/', pathNot: src([folder, ...imports])},
}))

const oneImporter = Object.entries(ONE_IMPORTER).map(([what, importer]) => ({
  name: `${what}-only-in-${importer.replace(/\W/g, '')}`,
  comment: `Only src/${importer} imports ${what}.`,
  severity: 'error',
  from: {path: '^src/', pathNot: `^src/${importer}`},
  to: {path: [npm([what]), core([what])]},
}))

module.exports = {
  forbidden: [
    ...arrows,
    ...oneImporter,
    {
      name: 'known-folder',
      comment: 'A new folder of src/ is named in FOLDERS, with what it may import.',
      severity: 'error',
      from: {path: '^src/[^/]+/', pathNot: src(Object.keys(FOLDERS))},
      to: {},
    },
    {
      name: 'main-starts-the-rest',
      comment:
        'src/main.ts loads commands and rows, and tidies files up; what these need, they import themselves.',
      severity: 'error',
      from: {path: '^src/main\\.ts$'},
      to: {path: '^src/', pathNot: src(['cli', 'progress', 'text', 'files'])},
    },
    {
      name: 'model-is-types',
      comment: 'src/model imports nothing but its own types.',
      severity: 'error',
      from: {path: '^src/model/'},
      to: {dependencyTypesNot: ['type-only']},
    },
    {
      name: 'pure-packages',
      comment: 'A pure folder uses only packages that compute.',
      severity: 'error',
      from: {path: src(PURE)},
      to: {path: '(^|/)node_modules/', pathNot: npm(PURE_PACKAGES)},
    },
    {
      // Which names of these two, eslint's no-restricted-imports says.
      name: 'pure-node',
      comment: 'A pure folder uses of Node only the judging of addresses and the styling of text.',
      severity: 'error',
      from: {path: src(PURE)},
      to: {dependencyTypes: ['core'], pathNot: core(['net', 'util'])},
    },
    {
      name: 'no-other-effects',
      comment: 'Everything that reaches the network or starts a process goes through kubectl.',
      severity: 'error',
      from: {path: '^src/'},
      to: {
        path: core([
          'child_process',
          'cluster',
          'dgram',
          'dns',
          'http',
          'http2',
          'https',
          'tls',
          'worker_threads',
        ]),
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: {circular: true},
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead.',
      severity: 'error',
      from: {orphan: true, path: '^src/', pathNot: '\\.d\\.ts$'},
      to: {},
    },
    {
      name: 'shipped-packages',
      comment: 'What src/ imports is listed under dependencies.',
      severity: 'error',
      from: {path: '^src/'},
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: {couldNotResolve: true},
    },
    {
      name: 'nothing-of-tests',
      comment: 'What is shipped imports nothing of what is not.',
      severity: 'error',
      from: {path: '^src/'},
      to: {path: '^(test|scripts)/'},
    },
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
