import type {Answer} from './api/objects.ts'
import type {EmbeddedCluster} from './cluster.ts'
import type {Fault} from './faults.ts'
import type {EmbeddedNode} from './options.ts'

const ROOT = '/embedded/'

/** What a test changes or reads in a cluster that runs in another process: the cluster's methods over HTTP. */
export class Control {
  readonly #cluster: () => EmbeddedCluster

  constructor(cluster: () => EmbeddedCluster) {
    this.#cluster = cluster
  }

  owns(path: string): boolean {
    return path.startsWith(ROOT)
  }

  handle(method: string, path: string, body: string): Answer {
    const cluster = this.#cluster()
    switch (`${method} ${path.slice(ROOT.length)}`) {
      case 'GET objects':
        return answer(cluster.objects())
      case 'GET requests':
        return answer(cluster.requests)
      case 'POST fault':
        cluster.setFault(JSON.parse(body) as Fault)
        return answer({})
      case 'DELETE fault':
        cluster.clearFaults()
        return answer({})
      case 'POST node':
        cluster.setNode(JSON.parse(body) as EmbeddedNode)
        return answer({})
      case 'DELETE node':
        cluster.removeNode((JSON.parse(body) as EmbeddedNode).name)
        return answer({})
      default:
        return {code: 404, body: '{}'}
    }
  }
}

function answer(value: unknown): Answer {
  return {code: 200, body: JSON.stringify(value)}
}
