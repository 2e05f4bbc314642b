import path from 'node:path'
import {readText} from '../files/files.ts'
import {hasProgram, isWritableFolder, removeProgram, writeProgram} from '../files/programs.ts'
import {UserError} from '../model/error.ts'
import type {Io} from './io.ts'
import {kubectlVersion} from './kubectl-version.ts'
import type {Arguments} from './page.ts'
import {isOurs, placeForShim, SHIM, SHIM_TEXT, type Place} from './shim.ts'

/** Lines for the start file of each shell; `#` begins a comment in all of them. */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  bash: ['# needs the package bash-completion', 'source <(kubectl completion bash)'],
  zsh: ['autoload -Uz compinit && compinit', 'source <(kubectl completion zsh)'],
  fish: ['kubectl completion fish | source'],
}

const EXPLANATION = `kubectl completes the words behind "kubectl netdoctor", too. That takes two things, once:

1. kubectl netdoctor completion install
   puts ${SHIM} on PATH, the program that kubectl (1.26 or newer) asks
2. kubectl netdoctor completion bash | zsh | fish
   prints what the start file of your shell must hold, if it does not yet

kubectl netdoctor completion uninstall undoes the first.
`

/** Sets up the completion that kubectl does for its plugins, or says how. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const {action, dir} = args
  if (dir !== undefined && action !== 'install' && action !== 'uninstall') {
    throw new UserError(2, '--dir goes with completion install and completion uninstall.')
  }
  if (action === 'install') await install(await placesOf(dir, io), dir !== undefined, io)
  else if (action === 'uninstall') await uninstall(await placesOf(dir, io), io)
  else await io.out(typeof action === 'string' ? linesFor(action) : EXPLANATION)
  return 0
}

function linesFor(shell: string): string {
  const intro = '# kubectl completes its plugins as well, once `kubectl netdoctor completion install` has run'
  return `${[intro, ...(SHELLS[shell] ?? [])].join('\n')}\n`
}

async function install(places: readonly Place[], named: boolean, io: Io): Promise<void> {
  if (io.env['OS'] === 'Windows_NT') {
    throw new UserError(
      2,
      'On Windows, completion is set up by hand: put kubectl_complete-netdoctor.cmd, which is in the zip of a release, into a folder on PATH.',
    )
  }
  const decision = placeForShim(places, named)
  if (decision.do === 'refuse') throw new UserError(2, decision.why)
  const file = path.join(decision.folder, SHIM)
  if (decision.do === 'nothing') io.say(`${file} is there already.`)
  else {
    await writeProgram(file, SHIM_TEXT)
    io.say(
      `Wrote ${file} (${decision.why}): kubectl runs it to complete the words behind "kubectl netdoctor".`,
    )
  }
  if (!(await onPath(io)).some(({hasPlugin}) => hasPlugin)) {
    io.say('kubectl-netdoctor itself is not on PATH yet: until it is, nothing is completed.')
  }
  const kubectl = await kubectlVersion(io)
  if (kubectl.version === undefined) io.say(`kubectl: ${kubectl.problem}.`)
  else if (isTooOld(kubectl.version)) {
    io.say(`This kubectl is ${kubectl.version}, and only 1.26 and newer complete the words of plugins.`)
  }
  io.say(
    'In your shell, kubectl completion must be on: `kubectl netdoctor completion bash` (or zsh, fish) prints the lines.',
  )
  io.say('To undo this: kubectl netdoctor completion uninstall')
}

async function uninstall(places: readonly Place[], io: Io): Promise<void> {
  const present = places.filter((place) => place.present !== undefined)
  for (const {folder, present: text = ''} of present) {
    const file = path.join(folder, SHIM)
    if (isOurs(text)) {
      await removeProgram(file)
      io.say(`Removed ${file}.`)
    } else io.say(`${file} is not of netdoctor's making, and stays.`)
  }
  if (present.length === 0) io.say(`There is no ${SHIM} to remove.`)
}

/** The folder that was named, or those on PATH. */
async function placesOf(dir: unknown, io: Io): Promise<readonly Place[]> {
  if (typeof dir !== 'string') return await onPath(io)
  // Where the shell did not see a ~ at the start of a word, as in --dir=~/bin.
  return [await placeOf(path.resolve(dir.replace(/^~(?=\/|$)/, () => io.home)), io)]
}

async function onPath(io: Io): Promise<readonly Place[]> {
  return await Promise.all(foldersOnPath(io).map((folder) => placeOf(folder, io)))
}

function foldersOnPath({env}: Io): string[] {
  return [...new Set((env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)))]
}

async function placeOf(folder: string, io: Io): Promise<Place> {
  return {
    folder,
    onPath: foldersOnPath(io).includes(folder),
    hasPlugin: await hasProgram(folder, 'kubectl-netdoctor'),
    inHome: folder.startsWith(`${io.home}${path.sep}`),
    writable: await isWritableFolder(folder),
    present: await readText(path.join(folder, SHIM)).catch(() => ''),
  }
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  return major === 1 && minor < 26
}
