import { type ClusterDescription, checkDescription } from './cluster-description.ts'
import type { ClusterOptions } from './cluster-options.ts'
import { CONCEALED } from './concealed.ts'
import { type ConnectionText, readEnvironment, readUrl } from './connection-text.ts'
import {
  type AuthMode,
  authModeOf,
  BY_CERTIFICATE,
  type Credentials,
  readCredentials,
} from './credentials.ts'
import type { Duration } from './duration.ts'
import { type Environment, processEnvironment, saysYes, USE_SERVICES_ALTERNATE } from './environment.ts'
import { ConfigError } from './errors.ts'
import { DEFAULT_PORT, Host, type HostLiteral, mayHoldSecrets, parseHosts, readHost } from './host.ts'
import { isHostName } from './host-name.ts'
import type { Logger } from './logger.ts'
import {
  DEFAULT_SYSTEM_SETTINGS,
  type ResolvedSystemSettings,
  resolveSystemSettings,
  type SystemSettings,
} from './system-settings.ts'
import { readTlsOptions, TlsBuilder, type TlsOptions } from './tls.ts'

/** Where a cluster may be found, given as one object. */
export interface ClusterSeeds {
  /** Hosts, literals or texts like `'a:3000'`; or one text with commas, as `Host.parseHosts` reads it. */
  readonly hosts: string | readonly (Host | HostLiteral | string)[]
  /** The variables to look at; those of the process unless given. */
  readonly environment?: Environment
}

/**
 * What to connect to and how: the base of the definitions that can connect, which the client packages export as
 * `ClusterDefinition`.
 *
 * Each method changes this definition and returns it, so that calls can be chained. What is given is checked at once
 * and copied; `toOptions()` makes an independent, frozen snapshot.
 */
export abstract class ClusterDefinitionBase {
  readonly #hosts: readonly Host[]
  #clusterName: string | undefined
  #racks: readonly number[] = Object.freeze([])
  #useServicesAlternate: boolean
  #failIfNotConnected = true
  #ipMap: { readonly [advertised: string]: string } = Object.freeze({})
  #appId: string | undefined
  #systemSettings: ResolvedSystemSettings = DEFAULT_SYSTEM_SETTINGS
  /** Said by methods of their own, so that they hold whatever the other settings are. */
  #timeouts: { loginTimeout?: number; tendTimeout?: number } = {}
  #credentials: Credentials | undefined
  #tls: TlsOptions | undefined
  #logger: Logger | undefined

  /**
   * @param hostname name or address of one seed; IPv6 addresses without brackets
   * @param port its port, 3000 unless given
   * @throws ConfigError when a host cannot be used, or none is given
   */
  constructor(hostname: string, port?: number)
  /**
   * @param seeds one or more hosts
   * @throws ConfigError when a host cannot be used, or none is given
   */
  constructor(seeds: ClusterSeeds)
  constructor(first: string | ClusterSeeds, port: number = DEFAULT_PORT) {
    const seeds = readSeeds(first, port)
    this.#hosts = seeds.hosts
    this.#useServicesAlternate = saysYes(seeds.environment, USE_SERVICES_ALTERNATE)
  }

  /**
   * A definition from one text, such as `aerospike://user:password@db1:3000,db2/?tls=true&tlsCa=/etc/ca.pem`. Special characters of user
   * and password are percent-encoded. Parameters: `auth`, `tls`, `tlsName`, `tlsCa`, `tlsCert`, `tlsKey`, `tlsPassphrase`,
   * `tlsMinVersion`, `tlsMaxVersion`, `tlsCiphers`, `tlsRevokedSerials`, `tlsForLoginOnly`, `tlsRejectUnauthorized`, `clusterName`,
   * `appId`, `racks`, `useServicesAlternate`, `failIfNotConnected`, and the system settings by their names.
   *
   * @throws ConfigError that does not show the text
   */
  static fromUrl<Definition extends ClusterDefinitionBase>(
    this: new (
      seeds: ClusterSeeds,
    ) => Definition,
    url: string,
    environment: Environment = processEnvironment(),
  ): Definition {
    return fromUrl((seeds) => new this(seeds), url, environment)
  }

  /**
   * A definition from variables: `AEROSPIKE_URL` or `AEROSPIKE_HOSTS`, `AEROSPIKE_USER`, `AEROSPIKE_PASSWORD`, and the parameters of
   * {@link ClusterDefinitionBase.fromUrl} as `AEROSPIKE_TLS_CA`, `AEROSPIKE_CLUSTER_NAME` and so on. A variable wins over the URL.
   *
   * @throws ConfigError when no host is named, or a value cannot be used
   */
  static fromEnvironment<Definition extends ClusterDefinitionBase>(
    this: new (
      seeds: ClusterSeeds,
    ) => Definition,
    environment: Environment = processEnvironment(),
  ): Definition {
    return withoutFound(() => {
      const text = readEnvironment(environment)
      const definition = new this({ hosts: text.hosts, environment })
      applyText(definition, text)
      return definition
    })
  }

  /**
   * A definition from one object; or from one text, either hosts as `Host.parseHosts` reads them or what
   * {@link ClusterDefinitionBase.fromUrl} takes.
   *
   * @throws ConfigError naming what cannot be used
   */
  static from<Definition extends ClusterDefinitionBase>(
    this: new (
      seeds: ClusterSeeds,
    ) => Definition,
    where: string | ClusterDescription,
  ): Definition {
    if (typeof where === 'string')
      return where.includes('://')
        ? fromUrl((seeds) => new this(seeds), where, processEnvironment())
        : new this({ hosts: where })
    const definition = new this(where)
    checkDescription(where)
    applyDescription(definition, where)
    return definition
  }

  /** The seeds. */
  get hosts(): readonly Host[] {
    return this.#hosts
  }

  /**
   * Accepts only nodes of the cluster of this name.
   *
   * @throws ConfigError when the name is empty
   */
  validateClusterNameIs(clusterName: string): this {
    this.#clusterName = readText(clusterName, 'clusterName')
    return this
  }

  /**
   * Prefers these racks, best first, for operations whose behavior says `replica: 'PREFER_RACK'`; it changes nothing
   * for others. A later call replaces an earlier one.
   *
   * @throws ConfigError when there is none, or one is not a whole number from 0, or is given twice
   */
  preferringRacks(...racks: readonly number[]): this {
    if (racks.length === 0)
      throw new ConfigError({ path: 'racks', found: racks, expected: 'at least one rack' })
    racks.forEach((rack, index) => {
      checkRack(rack, racks.indexOf(rack) === index, `racks[${index}]`)
    })
    this.#racks = Object.freeze([...racks])
    return this
  }

  /**
   * Reaches nodes at the alternate addresses they advertise, for instance from outside of their network. Unless this is
   * called, the variable `AEROSPIKE_USE_SERVICES_ALTERNATE` (`true`, `1`, `yes`) decides.
   */
  usingServicesAlternate(on = true): this {
    this.#useServicesAlternate = readFlag(on, 'useServicesAlternate')
    return this
  }

  /** Whether connecting fails when no node can be reached, which is so unless set to `false`. */
  failIfNotConnected(fail: boolean): this {
    this.#failIfNotConnected = readFlag(fail, 'failIfNotConnected')
    return this
  }

  /**
   * Replaces addresses that nodes advertise by others, for networks that translate them. A later call replaces an
   * earlier one.
   *
   * @param ipMap advertised address → address to connect to, both without ports
   * @throws ConfigError when one of them is not an address or a host name
   */
  withIpMap(ipMap: { readonly [advertised: string]: string } | ReadonlyMap<string, string>): this {
    this.#ipMap = readIpMap(ipMap)
    return this
  }

  /**
   * Sets sizes of pools, the tend interval and so on; what is left out has its default. A later call replaces an
   * earlier one.
   *
   * @throws ConfigError naming the setting
   */
  withSystemSettings(settings: SystemSettings): this {
    this.#systemSettings = resolveSystemSettings(settings)
    return this
  }

  /**
   * Names this program to the servers, for their logs and statistics.
   *
   * @throws ConfigError when the text is empty
   */
  withAppId(appId: string): this {
    this.#appId = readText(appId, 'appId')
    return this
  }

  /**
   * Logs in with a user that the servers know. The password is hashed before it leaves this process. An empty user means no login.
   *
   * @throws ConfigError when the password is missing
   */
  withNativeCredentials(user: string, password: string): this {
    this.#credentials = readCredentials('internal', user, password)
    return this
  }

  /**
   * Logs in with a user that another authority knows, such as LDAP. The password itself is sent, through TLS; without TLS, connecting
   * fails before anything is sent. An empty user means no login.
   *
   * @throws ConfigError when the password is missing
   */
  withExternalCredentials(user: string, password: string): this {
    this.#credentials = readCredentials('external', user, password)
    return this
  }

  /**
   * Lets the client's certificate say who the client is. Switches TLS on. Every host needs a TLS name, its own or that of the options for
   * TLS, and the options need certificate and key; that is looked at when connecting. Servers from 5.7.
   */
  withCertificateCredentials(): this {
    this.#credentials = BY_CERTIFICATE
    this.#tls ??= readTlsOptions({})
    return this
  }

  /** How the client says who it is. */
  get authMode(): AuthMode {
    return authModeOf(this.#credentials)
  }

  /**
   * Switches TLS on, with these options. A later call replaces an earlier one. For steps in a chain see
   * {@link ClusterDefinitionBase.withTlsConfigOf}.
   *
   * @throws ConfigError naming the option
   */
  withTls(options: TlsOptions = {}): this {
    this.#tls = readTlsOptions(options)
    return this
  }

  /** Switches TLS on, and returns what says how, step by step; its `done()` returns here. A later call continues where the last one ended. */
  withTlsConfigOf(): TlsBuilder<this> {
    return new TlsBuilder<this>(this, this.#tls ?? {}, (options) => {
      this.#tls = options
    })
  }

  /**
   * How long a server may take to let a connection in; 5 s unless given. Wins over the system setting of the same name.
   *
   * @throws ConfigError
   */
  withLoginTimeout(timeout: Duration): this {
    const { loginTimeout } = resolveSystemSettings({ loginTimeout: timeout })
    this.#timeouts = { ...this.#timeouts, loginTimeout }
    return this
  }

  /**
   * How long one node may take to answer when the cluster is looked at; 1 s unless given. Wins over the system setting of the same name.
   *
   * @throws ConfigError
   */
  withTendTimeout(timeout: Duration): this {
    const { tendTimeout } = resolveSystemSettings({ tendTimeout: timeout })
    this.#timeouts = { ...this.#timeouts, tendTimeout }
    return this
  }

  /**
   * Tells this logger what the client sees of the cluster: nodes that come and go, addresses that fail. `console` is one. It stays with
   * the definition: a logger is no plain data, so `toOptions()` does not have it.
   */
  withLogger(logger: Logger | undefined): this {
    this.#logger = logger
    return this
  }

  /** The logger, if there is one. */
  get logger(): Logger | undefined {
    return this.#logger
  }

  /** The definition as a text like those of `fromUrl`, without its secrets. */
  toString(): string {
    const { hosts, credentials, tls } = this.#snapshot()
    const login =
      credentials === undefined || credentials.mode === 'pki'
        ? ''
        : `${encodeURIComponent(credentials.user)}:${CONCEALED}@`
    const parameters = [
      ...(credentials === undefined || credentials.mode === 'internal' ? [] : [`auth=${credentials.mode}`]),
      ...(tls === undefined ? [] : ['tls=true']),
    ]
    const query = parameters.length === 0 ? '' : `/?${parameters.join('&')}`
    const addresses = hosts.map(({ name, port, tlsName }) => new Host(name, port, tlsName)).join(',')
    // The zone of an IPv6 address begins with a percent sign.
    return `aerospike://${login}${addresses.replaceAll('%', '%25')}${query}`
  }

  /** The options without their secrets, for printing. */
  toJSON(): object {
    return this.#snapshot()
  }

  /**
   * All of it as plain data: a snapshot that later calls do not change. It holds the secrets, and does not show them when it is printed.
   *
   * @throws ConfigError when the parts do not fit together: external credentials without TLS, a certificate to log in with and no
   * certificate, or hosts without TLS names
   */
  toOptions(): ClusterOptions {
    const options = this.#snapshot()
    checkTogether(options)
    return options
  }

  #snapshot(): ClusterOptions {
    const tls = this.#tls
    return Object.freeze({
      hosts: Object.freeze(
        this.#hosts.map(({ name, port, tlsName = tls?.tlsName }) => Object.freeze({ name, port, tlsName })),
      ),
      clusterName: this.#clusterName,
      racks: this.#racks,
      useServicesAlternate: this.#useServicesAlternate,
      failIfNotConnected: this.#failIfNotConnected,
      ipMap: this.#ipMap,
      appId: this.#appId,
      systemSettings: Object.freeze({ ...this.#systemSettings, ...this.#timeouts }),
      credentials: this.#credentials,
      tls,
    })
  }
}

// What console.log and the like show. Outside of the class: one that names itself within is renamed by bundlers.
Object.defineProperty(ClusterDefinitionBase.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: ClusterDefinitionBase): object {
    return this.toJSON()
  },
})

function checkTogether({ hosts, credentials, tls }: ClusterOptions): void {
  if (credentials?.mode === 'external' && tls === undefined) {
    throw new ConfigError({
      path: 'credentials',
      found: 'no TLS',
      expected: 'TLS',
      message:
        'External authentication sends the password itself and therefore requires TLS, which is not configured: see withTls()',
    })
  }
  if (tls?.forLoginOnly === true && credentials === undefined) {
    throw new ConfigError({
      path: 'tls.forLoginOnly',
      found: true,
      expected: 'credentials: without a login, nothing would go through TLS',
    })
  }
  if (credentials?.mode !== 'pki') return
  const nameless = hosts.filter(({ tlsName }) => tlsName === undefined).map(({ name }) => name)
  if (nameless.length > 0) {
    throw new ConfigError({
      path: 'hosts',
      found: nameless,
      expected: 'a TLS name for each host',
      message: `PKI authentication requires TLS names on all hosts. Missing TLS name for: ${nameless.join(', ')}`,
    })
  }
  if (tls?.secureContext === undefined && tls?.cert === undefined) {
    throw new ConfigError({
      path: 'tls.cert',
      found: undefined,
      expected: "the client's certificate and its key, which say who the client is",
    })
  }
}

/** What is wrong in a text is named and not repeated: any part of it may be a secret in the wrong place. */
function withoutFound<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError) || error.found === undefined) throw error
    const { path, expected } = error
    throw new ConfigError({ path, found: undefined, expected, message: `${path}: expected ${expected}` })
  }
}

function fromUrl<Definition extends ClusterDefinitionBase>(
  make: (seeds: ClusterSeeds) => Definition,
  url: string,
  environment: Environment,
): Definition {
  return withoutFound(() => {
    const text = readUrl(url)
    const definition = make({ hosts: text.hosts, environment })
    applyText(definition, text)
    return definition
  })
}

function applyText(definition: ClusterDefinitionBase, text: ConnectionText): void {
  const { systemSettings, ...description } = text
  applyDescription(definition, {
    ...description,
    systemSettings: Object.keys(systemSettings).length > 0 ? (systemSettings as SystemSettings) : undefined,
  })
}

function applyDescription(definition: ClusterDefinitionBase, given: ClusterDescription): void {
  const { user = '', password = '', auth, tls } = given
  if (tls !== undefined && tls !== false) definition.withTls(tls === true ? {} : tls)
  if (auth === 'pki') definition.withCertificateCredentials()
  else if (auth === 'external') definition.withExternalCredentials(user, password)
  else definition.withNativeCredentials(user, password)
  if (given.clusterName !== undefined) definition.validateClusterNameIs(given.clusterName)
  if (given.appId !== undefined) definition.withAppId(given.appId)
  if (given.racks !== undefined) definition.preferringRacks(...given.racks)
  if (given.useServicesAlternate !== undefined) definition.usingServicesAlternate(given.useServicesAlternate)
  if (given.failIfNotConnected !== undefined) definition.failIfNotConnected(given.failIfNotConnected)
  if (given.ipMap !== undefined) definition.withIpMap(given.ipMap)
  if (given.systemSettings !== undefined) definition.withSystemSettings(given.systemSettings)
  if (given.logger !== undefined) definition.withLogger(given.logger)
}

function readSeeds(first: unknown, port: number): { hosts: readonly Host[]; environment: Environment } {
  if (typeof first === 'string')
    return { hosts: Object.freeze([oneHost(first, port)]), environment: processEnvironment() }
  if (typeof first !== 'object' || first === null || !('hosts' in first)) {
    throw new ConfigError({
      path: 'hosts',
      found: first,
      expected: 'a host name and port, or { hosts: […] }',
    })
  }
  const { hosts, environment = processEnvironment() } = first as ClusterSeeds
  return { hosts: readHosts(hosts), environment }
}

function oneHost(name: string, port: number): Host {
  if (isHostName(name) || mayHoldSecrets(name)) return new Host(name, port)
  const hint = /[,:]/.test(name) ? { hint: `For a text with ports or commas, give { hosts: '${name}' }` } : {}
  throw new ConfigError({
    path: 'hostname',
    found: name,
    expected: 'the name or address of one host',
    ...hint,
  })
}

function readHosts(given: ClusterSeeds['hosts']): readonly Host[] {
  if (typeof given === 'string') return parseHosts(given)
  if (!Array.isArray(given) || given.length === 0) {
    throw new ConfigError({ path: 'hosts', found: given, expected: 'at least one host' })
  }
  return Object.freeze(given.map((host, index) => readHost(host, `hosts[${index}]`)))
}

function checkRack(rack: unknown, first: boolean, path: string): void {
  if (!Number.isInteger(rack) || (rack as number) < 0) {
    throw new ConfigError({ path, found: rack, expected: 'a rack: a whole number from 0' })
  }
  if (!first) throw new ConfigError({ path, found: rack, expected: 'each rack once' })
}

function readIpMap(given: unknown): { readonly [advertised: string]: string } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigError({ path: 'ipMap', found: given, expected: 'an object or a Map of addresses' })
  }
  const entries: [unknown, unknown][] = given instanceof Map ? [...given] : Object.entries(given)
  for (const [advertised, actual] of entries) {
    checkAddress(advertised, `ipMap[${String(advertised)}]`)
    checkAddress(actual, `ipMap[${String(advertised)}]`)
  }
  return Object.freeze(Object.fromEntries(entries))
}

function checkAddress(address: unknown, path: string): void {
  if (isHostName(address)) return
  throw new ConfigError({
    path,
    found: address,
    expected: 'an address or a host name, without port and brackets',
  })
}

function readText(text: unknown, path: string): string {
  if (typeof text === 'string' && text.trim() !== '') return text
  throw new ConfigError({ path, found: text, expected: 'a text that is not empty' })
}

function readFlag(flag: unknown, path: string): boolean {
  if (typeof flag === 'boolean') return flag
  throw new ConfigError({ path, found: flag, expected: 'true or false' })
}
