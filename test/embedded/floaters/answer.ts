import type {Container, Pod} from '../objects/workload.ts'

/** The port a floater listens on, read as its image would: agnhost's flag, the environment, the declared port. */
export function wantedPort({spec}: Pick<Pod, 'spec'>): number {
  const [container] = spec.containers
  const fromEnv = container?.env?.find(({name}) => name === 'PORT')?.value
  const flag = argument(container, '--http-port')?.replace('$(PORT)', fromEnv ?? '')
  return Number(flag ?? fromEnv ?? container?.ports?.[0]?.containerPort ?? 8889)
}

/** What a floater answers: agnhost's override, which proves who answered, or the plain `OK` of the others. */
export function floaterAnswer(pod: Pod): string {
  const [container] = pod.spec.containers
  const override = argument(container, '--http-override')
  const message = override === undefined ? undefined : /^\/echo\?msg=(.*)$/.exec(override)?.[1]
  if (message === undefined) return 'OK'
  const environment = containerEnv(pod)
  return message.replaceAll(/\$\((\w+)\)/g, (reference, name: string) => environment[name] ?? reference)
}

/** The environment of the pod's first container, with the fields of the downward API filled in. */
export function containerEnv(pod: Pod): Record<string, string> {
  const env: Record<string, string> = {}
  for (const {name, value, valueFrom} of pod.spec.containers[0]?.env ?? []) {
    env[name] = value ?? downward(pod, valueFrom?.fieldRef?.fieldPath) ?? ''
  }
  return env
}

function downward({metadata, spec, status}: Pod, path: string | undefined): string | undefined {
  switch (path) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace
    case 'metadata.uid':
      return metadata.uid
    case 'spec.nodeName':
      return spec.nodeName
    case 'status.podIP':
      return status.podIP
    case 'status.hostIP':
      return status.hostIP
    case undefined:
    default:
      return undefined
  }
}

/** Of the command line, wherever the pod has it. */
function argument(container: Container | undefined, flag: string): string | undefined {
  const words = [...(container?.command ?? []), ...(container?.args ?? [])]
  const joined = words.find((text) => text.startsWith(`${flag}=`))
  if (joined !== undefined) return joined.slice(flag.length + 1)
  const at = words.indexOf(flag)
  return at === -1 ? undefined : words[at + 1]
}
