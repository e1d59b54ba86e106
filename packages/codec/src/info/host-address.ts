import { DecodeError } from '../errors.ts'
import { parseDecimal } from './decimal.ts'

/*
 * address  :=  host   |   host ":" port   |   "[" IPv6 "]"   |   "[" IPv6 "]:" port
 * list     :=  address *( ( "," | ";" ) address )
 */

const HIGHEST_PORT = 65_535

/** Where a node listens. */
export interface HostAddress {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

/**
 * One address.
 *
 * @param defaultPort for an address without a port; when `undefined`, such an address is refused
 * @throws DecodeError when there is no host, or the port is missing or not 1 to 65535.
 */
export function parseHostAddress(text: string, defaultPort: number | undefined): HostAddress {
  if (text.startsWith('[')) {
    const close = text.indexOf(']')
    if (close < 0) throw new DecodeError(`address without a closing bracket: '${text.slice(0, 80)}'`, 0)
    return addressOf(text, text.slice(1, close), text.slice(close + 1), defaultPort)
  }
  const colon = text.indexOf(':')
  // More than one colon and no brackets: an IPv6 address alone.
  if (colon < 0 || text.includes(':', colon + 1)) return addressOf(text, text, '', defaultPort)
  return addressOf(text, text.slice(0, colon), text.slice(colon), defaultPort)
}

/** Text of an address; the port is left out when it is the default. */
export function printHostAddress(address: HostAddress, defaultPort?: number): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return address.port === defaultPort ? host : `${host}:${address.port}`
}

/** Addresses separated by commas (`service-clear-std` and its relatives) or semicolons (older servers). */
export function parseHostList(text: string, defaultPort?: number): HostAddress[] {
  return text
    .split(/[,;]/)
    .filter((part) => part !== '')
    .map((part) => parseHostAddress(part, defaultPort))
}

/** The opposite of {@link parseHostList}. */
export function printHostList(addresses: readonly HostAddress[]): string {
  return addresses.map((address) => printHostAddress(address)).join(',')
}

function addressOf(
  text: string,
  host: string,
  portPart: string,
  defaultPort: number | undefined,
): HostAddress {
  if (host === '') throw new DecodeError(`address without a host: '${text.slice(0, 80)}'`, 0)
  if (portPart === '') {
    if (defaultPort === undefined) throw new DecodeError(`address without a port: '${text.slice(0, 80)}'`, 0)
    return { host, port: defaultPort }
  }
  const port = portPart.startsWith(':') ? parseDecimal(portPart.slice(1), 'port', HIGHEST_PORT) : 0
  if (port === 0) throw new DecodeError(`no valid port in the address '${text.slice(0, 80)}'`, 0)
  return { host, port }
}
