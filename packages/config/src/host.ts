import { ConfigError } from './errors.ts'
import { isHostName, isIpv6 } from './host-name.ts'

/** The port Aerospike servers listen on unless told otherwise. */
export const DEFAULT_PORT: number = 3000

const PORT = { min: 1, max: 65_535 } as const
const EXPECTED_PORT = `a port from ${PORT.min} to ${PORT.max}`
const EXPECTED_NAME = 'a host name, an IPv4 address, or an IPv6 address without brackets'
const EXPECTED_ENTRY = 'host, host:port or host:tlsName:port, with IPv6 addresses in brackets'

/** A host as plain data: what `Host` is made of, and what may be given in its place. */
export interface HostLiteral {
  /** Name or address; IPv6 addresses without brackets. */
  readonly name: string
  readonly port: number
  /** The name that the server's certificate must carry, when it differs from `name`. */
  readonly tlsName?: string | undefined
}

/**
 * A seed: an address at which the cluster may be found. Immutable.
 *
 * @example
 * ```ts
 * import { Host } from '@aero/config'
 *
 * const seeds = Host.parseHosts('db1.example, db2.example:3100, [::1]:tls.example:4333', 3000)
 * console.log(seeds.map(String).join(' ')) // db1.example:3000 db2.example:3100 [::1]:tls.example:4333
 * ```
 */
export class Host implements HostLiteral {
  readonly name: string
  readonly port: number
  readonly tlsName: string | undefined

  /**
   * @param name name or address; IPv6 addresses without brackets
   * @param port 1 to 65535
   * @param tlsName the name that the server's certificate must carry, when it differs from `name`
   * @throws ConfigError when one of them cannot be used
   */
  constructor(name: string, port: number = DEFAULT_PORT, tlsName?: string) {
    checkHost({ name, port, tlsName }, 'host')
    this.name = name
    this.port = port
    this.tlsName = tlsName
    Object.freeze(this)
  }

  /** The same as the constructor. */
  static of(name: string, port: number = DEFAULT_PORT, tlsName?: string): Host {
    return new Host(name, port, tlsName)
  }

  /**
   * Hosts from a text: entries separated by commas, each `host`, `host:port` or `host:tlsName:port`. IPv6 addresses
   * stand in brackets. Spaces around entries do not count.
   *
   * @param text for instance `'a:3000,b:tls.example:4333,[::1]'`
   * @param defaultPort for entries without a port
   * @throws ConfigError naming the entry, when one is empty or is not of these forms
   */
  static parseHosts(text: string, defaultPort: number = DEFAULT_PORT): readonly Host[] {
    return parseHosts(text, defaultPort)
  }

  /** Whether the other host is the same address, letter by letter, with the same TLS name. */
  equals(other: HostLiteral): boolean {
    return this.name === other.name && this.port === other.port && this.tlsName === other.tlsName
  }

  /** `host:port` or `host:tlsName:port`, which `parseHosts` reads back. */
  toString(): string {
    const name = this.name.includes(':') ? `[${this.name}]` : this.name
    return this.tlsName === undefined ? `${name}:${this.port}` : `${name}:${this.tlsName}:${this.port}`
  }
}

/**
 * Hosts from a text; see {@link Host.parseHosts}.
 *
 * @throws ConfigError naming the entry, when one is empty or is not of the forms
 */
export function parseHosts(
  text: string,
  defaultPort: number = DEFAULT_PORT,
  path = 'hosts',
): readonly Host[] {
  if (typeof text !== 'string') throw new ConfigError({ path, found: text, expected: EXPECTED_ENTRY })
  // The whole of it: a comma may stand in a password.
  if (mayHoldSecrets(text)) throw concealedEntry(path)
  return Object.freeze(
    text.split(',').map((entry, index) => parseHost(entry.trim(), defaultPort, `${path}[${index}]`)),
  )
}

/**
 * A host from any of the forms that may be given: a `Host`, a literal, or a text of one entry.
 *
 * @throws ConfigError when it cannot be used
 */
export function readHost(given: unknown, path: string): Host {
  if (typeof given === 'string') return parseHost(given.trim(), DEFAULT_PORT, path)
  if (given instanceof Host) return given
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigError({ path, found: given, expected: 'a Host, { name, port, tlsName? }, or a text' })
  }
  const { name, port = DEFAULT_PORT, tlsName } = given as Partial<HostLiteral>
  checkHost({ name, port, tlsName }, path)
  return new Host(name as string, port, tlsName)
}

/** Whether a text where hosts should stand looks like a URL, which may hold a password: no error shows it then. */
export function mayHoldSecrets(text: unknown): boolean {
  return typeof text === 'string' && /@|:\/\//.test(text)
}

function concealedEntry(path: string): ConfigError {
  return new ConfigError({
    path,
    found: undefined,
    expected: EXPECTED_ENTRY,
    message: `${path}: expected ${EXPECTED_ENTRY}, without user and password. A URL is read by ClusterDefinition.fromUrl`,
  })
}

function parseHost(entry: string, defaultPort: number, path: string): Host {
  if (mayHoldSecrets(entry)) throw concealedEntry(path)
  const { name, rest } = splitName(entry, path)
  const parts = rest === '' ? [] : rest.slice(1).split(':')
  if ((rest !== '' && rest[0] !== ':') || parts.length > 2 || parts.includes('')) throw badEntry(entry, path)
  const port = parts.length === 0 ? defaultPort : parsePort(parts.at(-1) ?? '', entry, path)
  const tlsName = parts.length === 2 ? parts[0] : undefined
  checkHost({ name, port, tlsName }, path)
  return new Host(name, port, tlsName)
}

/** The name of an entry, out of its brackets if it has some, and what follows it. */
function splitName(entry: string, path: string): { name: string; rest: string } {
  if (entry.startsWith('[')) {
    const end = entry.indexOf(']')
    const name = entry.slice(1, end)
    if (end < 0 || !isIpv6(name)) throw badEntry(entry, path)
    return { name, rest: entry.slice(end + 1) }
  }
  if (entry === '' || isIpv6(entry)) throw badEntry(entry, path)
  const colon = entry.indexOf(':')
  return colon < 0 ? { name: entry, rest: '' } : { name: entry.slice(0, colon), rest: entry.slice(colon) }
}

function parsePort(text: string, entry: string, path: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (isPort(port)) return port
  throw new ConfigError({ path, found: entry, expected: `${EXPECTED_PORT} after the last colon` })
}

function badEntry(entry: string, path: string): ConfigError {
  const hint = isIpv6(entry) ? { hint: `Write [${entry}]` } : {}
  return new ConfigError({ path, found: entry, expected: EXPECTED_ENTRY, ...hint })
}

function checkHost(host: { name: unknown; port: unknown; tlsName: unknown }, path: string): void {
  if (mayHoldSecrets(host.name)) throw concealedEntry(`${path}.name`)
  if (mayHoldSecrets(host.tlsName)) throw concealedEntry(`${path}.tlsName`)
  if (!isHostName(host.name))
    throw new ConfigError({ path: `${path}.name`, found: host.name, expected: EXPECTED_NAME })
  if (!isPort(host.port))
    throw new ConfigError({ path: `${path}.port`, found: host.port, expected: EXPECTED_PORT })
  if (host.tlsName !== undefined && !isHostName(host.tlsName)) {
    throw new ConfigError({ path: `${path}.tlsName`, found: host.tlsName, expected: 'a name, or nothing' })
  }
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= PORT.min && (value as number) <= PORT.max
}
