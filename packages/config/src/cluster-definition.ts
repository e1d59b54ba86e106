import type { ClusterOptions } from './cluster-options.ts'
import { type Environment, processEnvironment, saysYes, USE_SERVICES_ALTERNATE } from './environment.ts'
import { ConfigError } from './errors.ts'
import { DEFAULT_PORT, Host, type HostLiteral, parseHosts, readHost } from './host.ts'
import { isHostName } from './host-name.ts'
import {
  DEFAULT_SYSTEM_SETTINGS,
  type ResolvedSystemSettings,
  resolveSystemSettings,
  type SystemSettings,
} from './system-settings.ts'

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

  /** All of it as plain data: a snapshot that later calls do not change. */
  toOptions(): ClusterOptions {
    return Object.freeze({
      hosts: Object.freeze(
        this.#hosts.map(({ name, port, tlsName }) => Object.freeze({ name, port, tlsName })),
      ),
      clusterName: this.#clusterName,
      racks: this.#racks,
      useServicesAlternate: this.#useServicesAlternate,
      failIfNotConnected: this.#failIfNotConnected,
      ipMap: this.#ipMap,
      appId: this.#appId,
      systemSettings: this.#systemSettings,
    })
  }
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
  if (isHostName(name)) return new Host(name, port)
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
