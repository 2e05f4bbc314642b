import {isIP} from 'node:net'
import type {Endpoint} from '../model/plan.ts'

/** It is asked by its address: no name is resolved, which takes a time of its own. */
export function isAddressed({address}: Endpoint): boolean {
  return address !== undefined && isIP(address) > 0
}
