import { ConfigError } from './errors.ts'
import { hintForUnknown } from './nearest-name.ts'
import { SYSTEM_ROWS, SYSTEM_SETTING_NAMES } from './system-settings.ts'
import type { TlsOptions } from './tls.ts'

/*
 * url        :=  aerospike://[ user[:password]@ ]host[,host…][/][?parameter=value[&…]]
 *                host as Host.parseHosts reads it: name, name:port, name:tlsName:port, IPv6 in brackets
 *
 * variables  :=  AEROSPIKE_URL, AEROSPIKE_HOSTS, AEROSPIKE_USER, AEROSPIKE_PASSWORD, and AEROSPIKE_ with each parameter's name in capitals:
 *                tlsCa is AEROSPIKE_TLS_CA. A variable wins over the URL.
 */

/** What a URL or the environment says. */
export interface ConnectionText {
  readonly hosts: string
  readonly user: string | undefined
  readonly password: string | undefined
  readonly auth: 'internal' | 'external' | 'pki' | undefined
  readonly tls: TlsOptions | undefined
  readonly clusterName: string | undefined
  readonly appId: string | undefined
  readonly racks: readonly number[] | undefined
  readonly useServicesAlternate: boolean | undefined
  readonly failIfNotConnected: boolean | undefined
  readonly systemSettings: { readonly [name: string]: number | boolean | string }
}

const TLS_PARAMETERS: { readonly [parameter: string]: keyof TlsOptions } = {
  tlsName: 'tlsName',
  tlsCa: 'ca',
  tlsCert: 'cert',
  tlsKey: 'key',
  tlsPassphrase: 'passphrase',
  tlsMinVersion: 'minVersion',
  tlsMaxVersion: 'maxVersion',
  tlsCiphers: 'ciphers',
  tlsRevokedSerials: 'revokedSerials',
  tlsForLoginOnly: 'forLoginOnly',
  tlsRejectUnauthorized: 'rejectUnauthorized',
}

const GENERAL_PARAMETERS = [
  'auth',
  'tls',
  'clusterName',
  'appId',
  'racks',
  'useServicesAlternate',
  'failIfNotConnected',
] as const

const PARAMETERS: readonly string[] = [
  ...GENERAL_PARAMETERS,
  ...Object.keys(TLS_PARAMETERS),
  ...SYSTEM_SETTING_NAMES,
]

const FORM = 'aerospike://[user:password@]host[:port][,host…][/?parameter=value&…]'

/** A text before it is understood: nothing in it is ever shown, as any part may be a secret in the wrong place. */
interface Pieces {
  readonly hosts: string | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads a URL-like text.
 *
 * @throws ConfigError that does not show the text, which may hold a password
 */
export function readUrl(url: string): ConnectionText {
  return understood(splitUrl(url), 'url')
}

/**
 * Reads the environment.
 *
 * @throws ConfigError when no host is named, or a value cannot be used
 */
export function readEnvironment(environment: {
  readonly [name: string]: string | undefined
}): ConnectionText {
  const value = (name: string): string | undefined => {
    const text = environment[`AEROSPIKE_${name}`]
    return text === undefined || text === '' ? undefined : text
  }
  const url = value('URL')
  const from: Pieces =
    url === undefined
      ? { hosts: undefined, user: undefined, password: undefined, parameters: new Map() }
      : splitUrl(url)
  const parameters = new Map(from.parameters)
  for (const parameter of PARAMETERS) {
    const text = value(variableOf(parameter))
    if (text !== undefined) parameters.set(parameter, text)
  }
  const hosts = value('HOSTS') ?? from.hosts
  if (hosts === undefined) {
    throw new ConfigError({
      path: 'environment',
      found: undefined,
      expected: 'AEROSPIKE_URL or AEROSPIKE_HOSTS',
    })
  }
  const user = value('USER') ?? from.user
  // The password of the URL is that of its user, and nobody else's.
  const password = value('PASSWORD') ?? (user === from.user ? from.password : undefined)
  return understood({ hosts, user, password, parameters }, 'environment')
}

/** `tlsCa` → `TLS_CA`. */
function variableOf(parameter: string): string {
  return parameter.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()
}

function splitUrl(url: string): Pieces {
  const parts = /^aerospike:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/?(?:\?([^#]*))?$/.exec(url)
  if (parts === null) throw wrongUrl(FORM)
  const [, userInfo, hosts, query = ''] = parts
  const colon = userInfo?.indexOf(':') ?? -1
  const user = colon < 0 ? userInfo : userInfo?.slice(0, colon)
  const password = colon < 0 ? undefined : userInfo?.slice(colon + 1)
  const parameters = new Map<string, string>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals))
    if (!PARAMETERS.includes(name)) {
      throw wrongUrl(`only known parameters. ${hintForUnknown(name, PARAMETERS)}`)
    }
    // The last word would win, and one that says `tls=false` must not come in behind the others.
    if (parameters.has(name)) throw wrongUrl(`each parameter once, and ${name} stands there twice`)
    parameters.set(name, equals < 0 ? 'true' : decoded(pair.slice(equals + 1)))
  }
  return {
    hosts: decoded(hosts ?? ''),
    user: user === undefined ? undefined : decoded(user),
    password: password === undefined ? undefined : decoded(password),
    parameters,
  }
}

/** Nothing of the text is repeated: any part may be a secret in the wrong place. */
function wrongUrl(expected: string): ConfigError {
  return new ConfigError({ path: 'url', found: undefined, expected, message: `url: expected ${expected}` })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrongUrl('percent signs only before two hex digits')
  }
}

function understood({ hosts = '', user, password, parameters }: Pieces, path: string): ConnectionText {
  const get = (name: string): string | undefined => parameters.get(name)
  const flag = (name: string): boolean | undefined => {
    const text = get(name)
    return text === undefined ? undefined : toFlag(text, `${path}.${name}`)
  }
  const auth = get('auth')
  if (auth !== undefined && auth !== 'internal' && auth !== 'external' && auth !== 'pki') {
    throw new ConfigError({
      path: `${path}.auth`,
      found: auth,
      expected: "'internal', 'external' or 'pki'",
    })
  }
  const racks = get('racks')
  return {
    hosts,
    user,
    password,
    auth,
    tls: tlsFrom(parameters, flag('tls'), path),
    clusterName: get('clusterName'),
    appId: get('appId'),
    racks: racks?.split(',').map((rack) => (/^\d+$/.test(rack.trim()) ? Number(rack) : Number.NaN)),
    useServicesAlternate: flag('useServicesAlternate'),
    failIfNotConnected: flag('failIfNotConnected'),
    systemSettings: settingsFrom(parameters, path),
  }
}

function tlsFrom(
  parameters: ReadonlyMap<string, string>,
  asked: boolean | undefined,
  path: string,
): TlsOptions | undefined {
  const options: { [name: string]: unknown } = {}
  for (const [parameter, option] of Object.entries(TLS_PARAMETERS)) {
    const text = parameters.get(parameter)
    if (text === undefined) continue
    if (option === 'forLoginOnly' || option === 'rejectUnauthorized') {
      options[option] = toFlag(text, `${path}.${parameter}`)
    } else if (option === 'revokedSerials') options[option] = text.split(',')
    else options[option] = text
  }
  const given = Object.keys(options).length > 0
  if (given && asked === false) {
    throw new ConfigError({
      path: `${path}.tls`,
      found: 'false',
      expected: 'true, as there are options for TLS',
    })
  }
  return given || asked === true ? (options as TlsOptions) : undefined
}

function settingsFrom(
  parameters: ReadonlyMap<string, string>,
  path: string,
): { readonly [name: string]: number | boolean | string } {
  const settings: { [name: string]: number | boolean | string } = {}
  for (const name of SYSTEM_SETTING_NAMES) {
    const text = parameters.get(name)
    if (text === undefined) continue
    const { type } = SYSTEM_ROWS[name]
    if (type === 'integer' || (type === 'duration' && /^\d+$/.test(text))) settings[name] = Number(text)
    else if (type === 'flag') settings[name] = toFlag(text, `${path}.${name}`)
    else settings[name] = text
  }
  return settings
}

function toFlag(text: string, path: string): boolean {
  const word = text.trim().toLowerCase()
  if (['true', '1', 'yes'].includes(word)) return true
  if (['false', '0', 'no'].includes(word)) return false
  throw new ConfigError({ path, found: text, expected: 'true or false' })
}
