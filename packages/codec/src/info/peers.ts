import { DecodeError } from '../errors.ts'
import { parseDecimal } from './decimal.ts'
import { type HostAddress, parseHostAddress, printHostAddress } from './host-address.ts'

/*
 * peers  :=  generation "," [ defaultPort ] "," "[" [ peer *( "," peer ) ] "]"
 * peer   :=  "[" name "," [ tlsName ] "," "[" [ address *( "," address ) ] "]" "]"
 *
 * The answer to peers-clear-std, peers-clear-alt, peers-tls-std and peers-tls-alt.
 */

/** Another node as a node tells of it. */
export interface Peer {
  readonly name: string
  /** Empty when there is none. */
  readonly tlsName: string
  /** All of them lead to this node. */
  readonly hosts: readonly HostAddress[]
}

/** The nodes that one node sees beside itself. */
export interface Peers {
  /** Rises when the list changes. */
  readonly generation: number
  /** For addresses without a port; `undefined` when not given. */
  readonly defaultPort: number | undefined
  readonly peers: readonly Peer[]
}

/**
 * The answer to one of the `peers-…` requests.
 *
 * @throws DecodeError saying what was expected and where.
 *
 * @example
 * ```ts
 * import { parsePeers } from '@aero/codec'
 * const { peers } = parsePeers('2,3000,[[B2,,[10.0.0.2,[fd00::2]:3100]]]')
 * console.log(peers[0]?.hosts[1]) // { host: 'fd00::2', port: 3100 }
 * ```
 */
export function parsePeers(text: string): Peers {
  const cursor = new Cursor(text)
  const generation = parseDecimal(cursor.until(','), 'generation of peers')
  cursor.take(',')
  const portText = cursor.until(',')
  const defaultPort = portText === '' ? undefined : parseDecimal(portText, 'default port of peers', 65_535)
  cursor.take(',')
  const peers = cursor.list(() => parsePeer(cursor, defaultPort))
  cursor.end()
  return { generation, defaultPort, peers }
}

/** The opposite of {@link parsePeers}. */
export function printPeers({ generation, defaultPort, peers }: Peers): string {
  const list = peers.map(({ name, tlsName, hosts }) => {
    const addresses = hosts.map((address) => printHostAddress(address, defaultPort))
    return `[${name},${tlsName},[${addresses.join(',')}]]`
  })
  return `${generation},${defaultPort ?? ''},[${list.join(',')}]`
}

function parsePeer(cursor: Cursor, defaultPort: number | undefined): Peer {
  cursor.take('[')
  const name = cursor.until(',')
  cursor.take(',')
  const tlsName = cursor.until(',')
  cursor.take(',')
  const hosts = cursor.list(() => parseHostAddress(cursor.address(), defaultPort))
  cursor.take(']')
  return { name, tlsName, hosts }
}

/** A place in the text. */
class Cursor {
  readonly #text: string
  #position = 0

  constructor(text: string) {
    this.#text = text
  }

  take(expected: string): void {
    if (!this.#text.startsWith(expected, this.#position)) this.#fail(`'${expected}'`)
    this.#position += expected.length
  }

  end(): void {
    if (this.#position !== this.#text.length) this.#fail('the end')
  }

  /** What stands before the next `stop`, which stays. */
  until(stop: string): string {
    const at = this.#text.indexOf(stop, this.#position)
    if (at < 0) this.#fail(`'${stop}'`)
    const part = this.#text.slice(this.#position, at)
    this.#position = at
    return part
  }

  /** An address in a list: up to a comma or bracket outside the brackets of IPv6. */
  address(): string {
    const from = this.#position
    if (this.#text[from] === '[') {
      this.until(']')
      this.#position++
    }
    const rest = /[,\]]/.exec(this.#text.slice(this.#position, this.#position + 512))
    if (rest === null) this.#fail("',' or ']' behind an address")
    this.#position += rest.index
    return this.#text.slice(from, this.#position)
  }

  list<T>(item: () => T): T[] {
    this.take('[')
    const items: T[] = []
    while (this.#text[this.#position] !== ']') {
      if (items.length > 0) this.take(',')
      items.push(item())
    }
    this.#position++
    return items
  }

  #fail(expected: string): never {
    const around = this.#text.slice(Math.max(0, this.#position - 20), this.#position + 20)
    throw new DecodeError(`peers: ${expected} expected near '${around}'`, this.#position)
  }
}
