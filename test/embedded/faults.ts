/** What goes wrong with an exec. `after`: the first so many execs that it matches are spared; `times`: only so many after them. */
export type ExecFault = {after?: number; times?: number} & (
  | CutStdout
  | {kind: 'no-status'}
  | {kind: 'no-output'}
  | {kind: 'repeat'}
  | {kind: 'tiny-frames'}
  | {kind: 'crlf'}
  /** Of each two lines, so many bytes of the one and of the other in turn. */
  | {kind: 'interleaved'; bytes: number}
  /** The answer to the first job is lost, and the end marker counts so many jobs more than there were. */
  | {kind: 'wrong-count'; by: number}
  | {kind: 'noise'; megabytes: number}
  | {kind: 'status'; code: FaultStatus; retryAfter?: number}
  | {kind: 'container-not-found'}
  | {kind: 'hang'}
  | {kind: 'delay'; ms: number}
)

export interface CutStdout {
  kind: 'cut-stdout'
  afterBytes: number
  /** success: the status says that all went well; no-status: closed without a word; reset: the connection breaks. */
  end?: 'success' | 'no-status' | 'reset'
}

export type FaultStatus = 401 | 403 | 404 | 409 | 429 | 500 | 503

/** What goes wrong with API requests. Everything that is left out matches everything. */
export interface ApiFault {
  method?: string
  /** As in paths, `pods/exec` too; `version` and `discovery` for what is no object. */
  resource?: string
  namespace?: string
  name?: string
  watch?: boolean
  /** The first so many that it matches are spared. */
  after?: number
  times?: number
  does:
    | {kind: 'status'; code: FaultStatus; retryAfter?: number}
    | {kind: 'delay'; ms: number}
    | {kind: 'hang'}
    | {kind: 'close'}
    /** A list with nothing in it. */
    | {kind: 'empty'}
}

export type Fault = ({on: 'api'} & ApiFault) | ({on: 'exec'; node?: string} & ExecFault)

export interface ApiFaultTarget {
  method: string
  resource: string
  namespace: string
  name: string
  watch: boolean
}

/** The faults in force. Those with `times` are used up. */
export class Faults {
  #active: {fault: Fault; spared: number; left: number; own?: string}[] = []

  add(fault: Fault): void {
    this.#active.push({fault, spared: fault.after ?? 0, left: fault.times ?? Infinity})
  }

  /** Sets what a node's own description says of exec; it replaces what it said before. */
  setNodeExec(node: string, fault: ExecFault | undefined): void {
    this.#active = this.#active.filter(({own}) => own !== node)
    if (fault !== undefined) {
      const own = {fault: {on: 'exec' as const, node, ...fault}, spared: fault.after ?? 0, own: node}
      this.#active.push({...own, left: fault.times ?? Infinity})
    }
  }

  /** Ends all faults but those of the nodes' own descriptions. */
  clear(): void {
    this.#active = this.#active.filter(({own}) => own !== undefined)
  }

  forApi(target: ApiFaultTarget): ApiFault['does'] | undefined {
    const found = this.#take(
      (fault) =>
        fault.on === 'api' &&
        (fault.method ?? target.method) === target.method &&
        (fault.resource ?? target.resource) === target.resource &&
        (fault.namespace ?? target.namespace) === target.namespace &&
        (fault.name ?? target.name) === target.name &&
        (fault.watch ?? target.watch) === target.watch,
    )
    return found?.on === 'api' ? found.does : undefined
  }

  forExec(node: string): ExecFault | undefined {
    const found = this.#take((fault) => fault.on === 'exec' && (fault.node ?? node) === node)
    return found?.on === 'exec' ? found : undefined
  }

  #take(matches: (fault: Fault) => boolean): Fault | undefined {
    const found = this.#active.find(({fault, left}) => left > 0 && matches(fault))
    if (found === undefined) return undefined
    if (found.spared > 0) {
      found.spared--
      return undefined
    }
    found.left--
    return found.fault
  }
}
