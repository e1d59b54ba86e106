import { conceal } from './concealed.ts'
import { ConfigError } from './errors.ts'
import { isHostName } from './host-name.ts'
import { hintForUnknown } from './nearest-name.ts'

/** Text or bytes in the PEM form, or the path of a file that holds them. A text with `-----BEGIN` in it is not a path. */
export type PemSource = string | Uint8Array

/** Versions of TLS. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

const VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']

/** How to speak TLS. That there is such an object means TLS; nothing in it switches TLS off. */
export interface TlsOptions {
  /** The name that certificates must carry, for hosts without one of their own; default: the host itself. */
  readonly tlsName?: string | undefined
  /** The authorities that are trusted; default: those that Node and the system trust. */
  readonly ca?: PemSource | readonly PemSource[] | undefined
  /** The client's certificate, where servers ask for one. */
  readonly cert?: PemSource | undefined
  /** The key of the client's certificate. */
  readonly key?: PemSource | undefined
  /** Opens an encrypted key. */
  readonly passphrase?: string | undefined
  /** Default TLSv1.2. */
  readonly minVersion?: TlsVersion | undefined
  /** Default TLSv1.2: servers up to 8.1 do not support TLSv1.3. */
  readonly maxVersion?: TlsVersion | undefined
  /** A list in OpenSSL's form, names separated by colons, best first; default: Node's. */
  readonly ciphers?: string | undefined
  /** Serial numbers, in hex, of certificates that are no longer trusted. */
  readonly revokedSerials?: readonly string[] | undefined
  /**
   * Only logins go through TLS; commands, and the session's token with them, go in the clear to the addresses that nodes publish for
   * plain connections. Default `false`.
   */
  readonly forLoginOnly?: boolean | undefined
  /** `false` trusts every certificate: for experiments only. Default `true`. */
  readonly rejectUnauthorized?: boolean | undefined
  /**
   * A context made with `tls.createSecureContext`, in place of authorities, certificate, key, versions and ciphers. It cannot be sent to
   * a worker, so the blocking client does not take it.
   */
  readonly secureContext?: object | undefined
}

type Check = { readonly expected: string; readonly accepts: (value: unknown) => boolean }

const isPem = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || value instanceof Uint8Array
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const PEM: Check = { expected: 'a text or bytes in the PEM form, or a path', accepts: isPem }
const FLAG: Check = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' }
const VERSION: Check = {
  expected: "'TLSv1.2' or 'TLSv1.3'",
  accepts: (value) => VERSIONS.includes(value as TlsVersion),
}
const SERIAL = /^(?:0x)?[0-9a-f]+(?:[:\s]?[0-9a-f]+)*$/i

const CHECKS: { readonly [Name in keyof Required<TlsOptions>]: Check } = {
  tlsName: { expected: 'a name', accepts: isHostName },
  ca: {
    expected: `${PEM.expected}, or several of them`,
    accepts: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isPem) : isPem(value)),
  },
  cert: PEM,
  key: PEM,
  passphrase: { expected: 'a text that is not empty', accepts: isText },
  minVersion: VERSION,
  maxVersion: VERSION,
  ciphers: { expected: "a list in OpenSSL's form", accepts: isText },
  revokedSerials: {
    expected: 'serial numbers in hex',
    accepts: (value) =>
      Array.isArray(value) && value.every((serial) => typeof serial === 'string' && SERIAL.test(serial)),
  },
  forLoginOnly: FLAG,
  rejectUnauthorized: FLAG,
  secureContext: {
    expected: 'what tls.createSecureContext gives',
    accepts: (value) => typeof value === 'object' && value !== null,
  },
}

const NAMES = Object.keys(CHECKS) as (keyof TlsOptions)[]
/** Never shown, not even when they are wrong. */
const SECRETS: readonly (keyof TlsOptions)[] = ['key', 'passphrase']

/**
 * Checks the options for TLS, each by itself and together, and copies them.
 *
 * @throws ConfigError naming the option; it shows no key and no passphrase
 */
export function readTlsOptions(given: unknown, path = 'tls'): TlsOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigError({ path, found: given, expected: 'an object of options for TLS' })
  }
  const options: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new ConfigError({
        path: `${path}.${name}`,
        found: name,
        expected: 'the name of an option for TLS',
        hint: hintForUnknown(name, NAMES),
      })
    }
    if (value === undefined) continue
    const { expected, accepts } = CHECKS[name as keyof TlsOptions]
    if (!accepts(value)) {
      const found = SECRETS.includes(name as keyof TlsOptions) ? undefined : value
      throw new ConfigError({ path: `${path}.${name}`, found, expected })
    }
    options[name] = Array.isArray(value) ? Object.freeze([...value]) : value
  }
  checkTogether(options as TlsOptions, path)
  return conceal(options as TlsOptions, SECRETS)
}

function checkTogether(options: TlsOptions, path: string): void {
  const { cert, key, passphrase, minVersion, maxVersion, secureContext } = options
  const problem = (name: string, found: unknown, expected: string): ConfigError =>
    new ConfigError({ path: `${path}.${name}`, found, expected })
  if (minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2') {
    throw problem('maxVersion', maxVersion, 'at least minVersion, which is TLSv1.3')
  }
  if (secureContext !== undefined) {
    for (const name of ['ca', 'cert', 'key', 'passphrase', 'minVersion', 'maxVersion', 'ciphers'] as const) {
      if (options[name] !== undefined) {
        throw problem(name, undefined, 'nothing: secureContext says it already')
      }
    }
    return
  }
  if (cert !== undefined && key === undefined) throw problem('key', undefined, 'the key of the certificate')
  if (key !== undefined && cert === undefined) throw problem('cert', undefined, 'the certificate of the key')
  if (passphrase !== undefined && key === undefined) {
    throw problem('key', undefined, 'the key that the passphrase opens')
  }
}

/**
 * Says how to speak TLS, step by step. Made by `withTlsConfigOf()` of a cluster definition, to which `done()` returns. That it was
 * made means TLS, even when nothing is said.
 */
export class TlsBuilder<Definition> {
  readonly #definition: Definition
  readonly #apply: (options: TlsOptions) => void
  #options: { -readonly [Name in keyof TlsOptions]: TlsOptions[Name] }

  /** @param apply called with what has been said so far, after each step */
  constructor(definition: Definition, options: TlsOptions, apply: (options: TlsOptions) => void) {
    this.#definition = definition
    this.#options = { ...options }
    this.#apply = apply
    apply(readTlsOptions(this.#options))
  }

  /** The name that certificates must carry, for hosts without one of their own. */
  tlsName(name: string): this {
    return this.#set({ tlsName: name })
  }

  /** A file with the authorities that are trusted. */
  caFile(path: string): this {
    return this.#set({ ca: path })
  }

  /** The authorities that are trusted: PEM texts, bytes, or paths. */
  ca(...authorities: readonly PemSource[]): this {
    return this.#set({ ca: authorities })
  }

  /** A file with the client's certificate; needs {@link TlsBuilder.clientKeyFile} too. */
  clientCertFile(path: string): this {
    this.#options.cert = path
    return this.#whenPaired()
  }

  /** A file with the key of the client's certificate. */
  clientKeyFile(path: string, passphrase?: string): this {
    this.#options.key = path
    if (passphrase !== undefined) this.#options.passphrase = passphrase
    return this.#whenPaired()
  }

  /** The client's certificate and its key: PEM texts, bytes, or paths. */
  clientCertificate(cert: PemSource, key: PemSource, passphrase?: string): this {
    return this.#set({ cert, key, ...(passphrase !== undefined && { passphrase }) })
  }

  /** The versions that may be used, at least one; those between are used too. */
  protocols(...versions: readonly TlsVersion[]): this {
    const sorted = VERSIONS.filter((version) => versions.includes(version))
    const wrong = versions.find((version) => !VERSIONS.includes(version))
    if (sorted.length === 0 || wrong !== undefined) {
      throw new ConfigError({ path: 'tls.protocols', found: wrong ?? versions, expected: VERSION.expected })
    }
    return this.#set({ minVersion: sorted[0], maxVersion: sorted.at(-1) })
  }

  /** The ciphers that may be used, best first, by OpenSSL's names. */
  ciphers(...names: readonly string[]): this {
    return this.#set({ ciphers: names.join(':') })
  }

  /** Whether only logins go through TLS; see {@link TlsOptions.forLoginOnly}. */
  forLoginOnly(on = true): this {
    return this.#set({ forLoginOnly: on })
  }

  /** Serial numbers, in hex, of certificates that are no longer trusted. */
  revokedSerials(...serials: readonly string[]): this {
    return this.#set({ revokedSerials: serials })
  }

  /** `false` trusts every certificate: for experiments only. */
  rejectUnauthorized(on: boolean): this {
    return this.#set({ rejectUnauthorized: on })
  }

  /** A context made with `tls.createSecureContext`. */
  secureContext(context: object): this {
    return this.#set({ secureContext: context })
  }

  /** Always `true`: there is a builder, so there is TLS. */
  isTlsEnabled(): boolean {
    return true
  }

  /** The name said with {@link TlsBuilder.tlsName}. */
  getTlsName(): string | undefined {
    return this.#options.tlsName
  }

  /**
   * Back to the definition.
   *
   * @throws ConfigError when what was said does not fit together, for instance a certificate without its key
   */
  done(): Definition {
    this.#apply(readTlsOptions(this.#options))
    return this.#definition
  }

  #set(change: TlsOptions): this {
    const next = { ...this.#options, ...change }
    this.#apply(readTlsOptions(next))
    this.#options = next
    return this
  }

  /** Certificate and key are said one after the other: only together they can be checked. */
  #whenPaired(): this {
    const { cert, key } = this.#options
    if (cert !== undefined && key !== undefined) this.#apply(readTlsOptions(this.#options))
    return this
  }
}
