import type { Credentials } from './credentials.ts'
import type { HostLiteral } from './host.ts'
import type { ResolvedSystemSettings } from './system-settings.ts'
import type { TlsOptions } from './tls.ts'

/**
 * Everything a cluster is opened with: plain data, checked, frozen through and through, fit to be sent to a worker.
 */
export interface ClusterOptions {
  /** Where to look for the cluster; at least one. IPv6 addresses without brackets. */
  readonly hosts: readonly HostLiteral[]
  /** The name that every node must give as its cluster's; `undefined` asks for none. */
  readonly clusterName: string | undefined
  /** Racks to read from when a behavior's `replica` is `PREFER_RACK`, best first; empty without a preference. */
  readonly racks: readonly number[]
  /** Whether nodes are reached at the alternate addresses they advertise. */
  readonly useServicesAlternate: boolean
  /** Whether connecting fails when no node can be reached. */
  readonly failIfNotConnected: boolean
  /** Addresses to use in place of those that nodes advertise. */
  readonly ipMap: { readonly [advertised: string]: string }
  /** What the server may log this program as; `undefined` for nothing. */
  readonly appId: string | undefined
  readonly systemSettings: ResolvedSystemSettings
  /** Who the client is; `undefined` where no login is wanted. Printing does not show the password. */
  readonly credentials: Credentials | undefined
  /** How to speak TLS; `undefined` means plain connections, and only that does. Printing does not show the key. */
  readonly tls: TlsOptions | undefined
}
