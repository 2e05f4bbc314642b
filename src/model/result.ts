/** `FAILED`: the network, or the thing asked, answered wrong or not at all. `EXCEPTION`: it could not be measured. */
export type Status = 'SUCCEEDED' | 'FAILED' | 'EXCEPTION'

/** Why a probe has its status. */
export type Reason =
  // EXCEPTION
  | 'not-tested'
  | 'no-floater'
  | 'node-gone'
  | 'no-address'
  | 'shared-address'
  | 'floater-replaced'
  | 'exec-failed'
  | 'lost-output'
  | 'tool-missing'
  | 'tool-unable'
  | 'probe-error'
  | 'overloaded'
  // SUCCEEDED
  | 'answered'
  // FAILED
  | 'timeout'
  | 'refused'
  | 'no-route'
  | 'name-unresolved'
  | 'connect-failed'
  | 'reset'
  | 'wrong-peer'
  | 'loss'
  | 'mtu'
  | 'dns-error'

/** What one probe came to. */
export interface Verdict {
  readonly status: Status
  readonly reason: Reason
  /** Time until the connection stood, or until it was given up, in microseconds; 0 where nothing was timed. */
  readonly timeUs: number
  /** What the probing program or kubectl said, unaltered; empty where there is nothing to quote. */
  readonly raw: string
  /** It succeeded, but only sometimes, or so slowly that a packet must have been lost. */
  readonly unstable: boolean
}

/** The verdict of every probe of a plan, a column each; the probe's number is the index. Zeroes read as "not tested". */
export interface Results {
  readonly size: number
  readonly status: Uint8Array
  readonly reason: Uint8Array
  readonly timeUs: Uint32Array
  /** Index into `texts`. */
  readonly raw: Uint32Array
  readonly unstable: Uint8Array
  readonly texts: readonly string[]
}
