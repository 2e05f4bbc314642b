import {FIELD_NAMES, type FieldName} from '../config/fields.ts'
import {DIFF_FORMAT_NAMES} from '../report/diff/format.ts'
import {FORMAT_NAMES} from '../report/format.ts'
import {REASONS} from '../results/store.ts'
import {FINDING_SECTIONS} from './finding-sections.ts'
import {fieldFlags, flag, type Flag} from './flag.ts'
import type {Page} from './page.ts'
import {WHERE} from './where.ts'

/** kubectl's flags that no field of config.json stands for, and how much to say. */
const COMMON: readonly Flag[] = [
  flag('config', 'the config file', {takes: 'text', completes: 'files', default: 'config.json'}),
  flag('as', 'user to impersonate', {takes: 'text', placeholder: 'USER'}),
  flag('as-group', 'group to impersonate', {takes: 'list', placeholder: 'GROUP'}),
  flag('request-timeout', 'limit of one request, such as 30s', {takes: 'text', placeholder: 'TIME'}),
  flag('quiet', 'results only', {alias: 'q'}),
  flag('verbose', 'print each kubectl command line', {alias: 'v'}),
]

const FORCE = flag('force', 'go on where another run uses the floaters')

const FOLLOW_UP = flag('follow-up', 'ask further where something failed; --no-follow-up does not', {
  takes: 'switch',
})

/** Where the report goes, and in which form. */
const outputIn = (choices: readonly string[]): readonly Flag[] => [
  flag('output', 'form of the report', {
    ...{alias: 'o', takes: 'text', placeholder: 'NAME'},
    ...{choices, default: 'table'},
  }),
  flag('output-file', 'write the report there, and print a table', {
    takes: 'text',
    completes: 'files',
  }),
]
const OUTPUT = outputIn(FORMAT_NAMES)

/** Of every command. */
export const EVERYWHERE: readonly Flag[] = [
  flag('color', 'colours; --no-color or NO_COLOR turns them off', {takes: 'switch'}),
  flag('help', 'show this', {alias: 'h'}),
  flag('help-all', 'show every flag'),
]

/** What resume.json decides itself. */
const DECIDED: readonly FieldName[] = [
  ...([
    'mode',
    'protocol',
    'from',
    'to',
    'bothWays',
    'sample',
    'intra',
    'ipFamily',
    'mtu',
    'sameNode',
  ] as const),
]

/** A new command is one file and one entry here. */
export const PAGES: readonly Page[] = [
  {
    name: 'init',
    describe: 'write config.json',
    flags: [
      ...fieldFlags(),
      flag('config', 'the file to write', {takes: 'text', completes: 'files', default: 'config.json'}),
      flag('force', 'replace the file that is there'),
    ],
    usual: [
      ...['mode', 'protocol', 'namespace', 'floater'],
      ...['context', 'dst-context', 'config', 'force'],
    ],
    examples: [
      ['init', 'the defaults, to be edited'],
      ['init --namespace netcheck --protocol tcp,udp --force', 'with fields set, over the one that is there'],
    ],
    load: () => import('./init.ts'),
  },
  {
    name: 'check',
    describe: 'probe every node from every node and report',
    flags: [
      ...fieldFlags(),
      ...COMMON,
      FORCE,
      FOLLOW_UP,
      ...OUTPUT,
      flag('dry-run', 'show what would be done; create nothing'),
    ],
    usual: [
      ...['mode', 'protocol', 'from', 'context', 'dst-context', 'namespace', 'floater'],
      ...['auto-clean', 'dry-run', 'output', 'output-file'],
    ],
    examples: [
      ['check', 'every node of the current context'],
      ['check --dry-run', 'what would be done; creates nothing'],
      ['check --context staging -n netcheck', 'another cluster, another namespace'],
      ['check --from new-node --both-ways', 'a new node against all others'],
      ['check --dst-context other', 'between two clusters'],
      ['check -o junit --output-file result.xml', 'for a CI server'],
    ],
    load: () => import('./check.ts'),
  },
  {
    name: 'resume',
    describe: 'probe again what resume.json lists',
    flags: [
      ...fieldFlags(FIELD_NAMES.filter((name) => !DECIDED.includes(name))),
      ...COMMON,
      FORCE,
      FOLLOW_UP,
      ...OUTPUT,
    ],
    usual: ['context', 'dst-context', 'namespace', 'auto-clean', 'quiet', 'output', 'output-file'],
    examples: [
      ['resume', 'what the last run found abnormal, and nothing else'],
      ['resume -o wide', 'with ports and times'],
    ],
    load: () => import('./resume.ts'),
  },
  {
    name: 'report',
    describe: 'show a saved run again, in any form',
    words: [{name: 'file', describe: 'what a check or resume has saved', default: 'report.json'}],
    flags: OUTPUT,
    examples: [
      ['report -o wide', 'the last check of this folder, with ports and times'],
      ['report old.json -o junit --output-file old.xml', 'another run, for a CI server'],
    ],
    load: () => import('./report.ts'),
  },
  {
    name: 'diff',
    describe: 'say what broke and healed between two saved runs',
    words: [
      {name: 'old', describe: 'the report of the earlier run', required: true},
      {name: 'new', describe: 'the report of the later one', default: 'report.json'},
    ],
    flags: outputIn(DIFF_FORMAT_NAMES),
    examples: [
      ['diff old.json', 'the last check of this folder against an earlier one'],
      ['diff old.json new.json -o markdown', 'two files, for a ticket'],
    ],
    load: () => import('./diff.ts'),
  },
  {
    name: 'explain',
    describe: 'say what a finding or a reason means, and what to do',
    words: [
      {
        name: 'word',
        describe: 'the word of a finding or a reason in a report; without it, all reasons are listed',
        choices: Object.fromEntries(
          [...FINDING_SECTIONS.keys(), ...REASONS, 'unstable'].map((name) => [name, '']),
        ),
      },
    ],
    flags: [],
    examples: [
      ['explain node-deaf', 'a finding: a node that nothing reaches'],
      ['explain timeout', 'a reason: nothing comes back'],
      ['explain', 'the list of all reasons'],
    ],
    load: () => import('./explain.ts'),
  },
  {
    name: 'clean',
    describe: 'remove everything that the tool created',
    flags: [...fieldFlags(WHERE), ...COMMON, FORCE],
    usual: [
      'context',
      'dst-context',
      'namespace',
      'kubeconfig',
      'dst-kubeconfig',
      'config',
      'quiet',
      'verbose',
    ],
    examples: [
      ['clean', 'what a check left in the current context'],
      ['clean --context staging -n netcheck', 'in another cluster and namespace'],
    ],
    load: () => import('./clean.ts'),
  },
  {
    name: 'version',
    describe: 'print the versions of netdoctor, Node.js and kubectl',
    flags: [
      flag('output', 'form of the answer', {
        ...{alias: 'o', takes: 'text', placeholder: 'NAME'},
        ...{choices: ['text', 'json'], default: 'text'},
      }),
    ],
    examples: [
      ['version', 'for people'],
      ['version -o json', 'for programs, and for reports of defects'],
    ],
    load: () => import('./version.ts'),
  },
  {
    name: 'completion',
    describe: 'complete commands, flags and values in your shell',
    words: [
      {
        name: 'action',
        describe: 'What to do; without it, this is explained',
        choices: {
          install: 'put a small program on PATH that kubectl asks',
          uninstall: 'remove it again',
          bash: 'say what bash needs, as lines for ~/.bashrc',
          zsh: 'say what zsh needs, as lines for ~/.zshrc',
          fish: 'say what fish needs, as lines for ~/.config/fish/config.fish',
        },
      },
    ],
    flags: [flag('dir', 'folder for that program; one on PATH', {takes: 'text', completes: 'folders'})],
    examples: [
      ['completion install', 'beside kubectl-netdoctor, or in another folder on PATH'],
      ['completion zsh', 'the lines that make kubectl complete in zsh'],
      ['completion uninstall', 'undo it'],
    ],
    load: () => import('./completion.ts'),
  },
]
