import type { ClusterSeeds } from './cluster-definition.ts'
import { ConfigError } from './errors.ts'
import type { Logger } from './logger.ts'
import { hintForUnknown } from './nearest-name.ts'
import type { SystemSettings } from './system-settings.ts'
import type { TlsOptions } from './tls.ts'

/**
 * A cluster and how to connect to it in one object: what the methods of a definition say one by one. Everything but the hosts may be left
 * out.
 */
export interface ClusterDescription extends ClusterSeeds {
  /** See `withNativeCredentials`, and for another `auth` `withExternalCredentials`. */
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** Default `internal`, when there is a user. `pki` stands alone: see `withCertificateCredentials`. */
  readonly auth?: 'internal' | 'external' | 'pki' | undefined
  /** Options, or `true` for TLS with the roots of the system. */
  readonly tls?: TlsOptions | boolean | undefined
  /** See `validateClusterNameIs`. */
  readonly clusterName?: string | undefined
  readonly appId?: string | undefined
  /** See `preferringRacks`. */
  readonly racks?: readonly number[] | undefined
  readonly useServicesAlternate?: boolean | undefined
  readonly failIfNotConnected?: boolean | undefined
  readonly ipMap?: { readonly [advertised: string]: string } | ReadonlyMap<string, string> | undefined
  /** Also the timeouts of logins and of tending. */
  readonly systemSettings?: SystemSettings | undefined
  readonly logger?: Logger | undefined
}

const NAMES: { readonly [name in keyof ClusterDescription]-?: true } = {
  hosts: true,
  environment: true,
  user: true,
  password: true,
  auth: true,
  tls: true,
  clusterName: true,
  appId: true,
  racks: true,
  useServicesAlternate: true,
  failIfNotConnected: true,
  ipMap: true,
  systemSettings: true,
  logger: true,
}

const AUTH_MODES: readonly unknown[] = ['internal', 'external', 'pki', undefined]

/** @throws ConfigError for a name that is not known, and for an `auth` that there is not; values are not shown */
export function checkDescription(given: ClusterDescription): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(NAMES, name)) continue
    throw new ConfigError({
      path: name,
      found: name,
      expected: 'a name that says something of a cluster',
      hint: hintForUnknown(name, Object.keys(NAMES)),
    })
  }
  if (!AUTH_MODES.includes(given.auth)) {
    throw new ConfigError({ path: 'auth', found: given.auth, expected: 'internal, external or pki' })
  }
  if (given.auth !== 'pki') {
    if (given.user === undefined && (given.password !== undefined || given.auth !== undefined)) {
      throw new ConfigError({ path: 'user', found: undefined, expected: 'the user whose password it is' })
    }
  } else if (given.user !== undefined || given.password !== undefined) {
    throw new ConfigError({
      path: 'auth',
      found: 'pki',
      expected: 'no user and no password: the certificate says who the client is',
    })
  }
}
