import type {Addresses} from '../floaters/addresses.ts'
import {nodeObject} from '../objects/nodes.ts'
import type {Store} from '../objects/store.ts'
import type {EmbeddedNode} from '../options.ts'

/** The embedded nodes: how each behaves, and its Node object. */
export class Nodes {
  readonly #nodes = new Map<string, {node: EmbeddedNode; address: string}>()
  readonly #store: Store
  readonly #addresses: Addresses
  readonly #version: string

  constructor(store: Store, addresses: Addresses, version: string) {
    this.#store = store
    this.#addresses = addresses
    this.#version = version
  }

  /** Adds a node, or changes one that is there. */
  set(node: EmbeddedNode): void {
    const address = this.#nodes.get(node.name)?.address ?? this.#addresses.nextIp()
    this.#nodes.set(node.name, {node, address})
    const made = nodeObject(node, address, this.#version)
    const known = this.#store.get('nodes', '', node.name)
    if (known === undefined) this.#store.create('nodes', made)
    else this.#store.update('nodes', {...known, ...made, metadata: {...known.metadata, ...made.metadata}})
  }

  remove(name: string): void {
    this.#nodes.delete(name)
    const object = this.#store.get('nodes', '', name)
    if (object !== undefined) this.#store.remove('nodes', object)
  }

  get(name: string): EmbeddedNode | undefined {
    return this.#nodes.get(name)?.node
  }

  addressOf(name: string): string {
    return this.#nodes.get(name)?.address ?? ''
  }

  all(): EmbeddedNode[] {
    return [...this.#nodes.values()].map(({node}) => node)
  }
}
