import type { HostAddress } from '@aero/codec'
import { Endpoint } from '@aero/transport'

/** Which of a node's published addresses are used, and how they are changed before use. */
export interface Addressing {
  /** The alternate access addresses instead of the standard ones. */
  readonly useServicesAlternate: boolean
  /** Published host → host to connect to, for clusters behind address translation. */
  readonly ipMap: ReadonlyMap<string, string>
  /** The addresses for TLS instead of the plain ones; default `false`. */
  readonly tls?: boolean
}

/** The address to connect to for a published one. */
export function toEndpoint(address: HostAddress, tlsName: string, addressing: Addressing): Endpoint {
  const host = addressing.ipMap.get(address.host) ?? address.host
  return tlsName === '' ? new Endpoint(host, address.port) : new Endpoint(host, address.port, tlsName)
}

/** Whether the text is an address already and needs no resolving. */
export function isIpAddress(host: string): boolean {
  return host.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)
}

/** Whether the host is this machine by any of the usual names. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
