import { Buffer } from 'node:buffer'
import { isIP } from 'node:net'
import * as tls from 'node:tls'
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls'
import type { Endpoint } from './endpoint.ts'
import { TlsFailedError, TlsOptionsError } from './errors.ts'
import type { Socket, SocketEvents, SocketOpener } from './socket.ts'
import { describeTlsFailure } from './tls-failure.ts'
import { type Pem, readCertificate, readCertificates, readPem } from './tls-material.ts'
import type { TlsOptions } from './tls-options.ts'

const RECEIVE_BYTES = 64 * 1024
/** With more than this waiting to be encrypted and sent, no more should be written. */
const CONGESTED_BYTES = 256 * 1024

/** The options, with everything read and checked. */
interface TlsSetup {
  readonly secureContext: SecureContext
  readonly tlsName: string | undefined
  readonly rejectUnauthorized: boolean
  readonly revokedSerials: ReadonlySet<string>
}

/**
 * Opens TLS sockets. There is no way from here to a plain one: what cannot be had through TLS fails.
 *
 * A server's certificate must be signed by one of the authorities, be valid now, carry the name (the endpoint's `tlsName`, else that of
 * the options, else the host) and not be revoked.
 *
 * @example
 * ```ts
 * import { TlsOptionsError, TlsSocketOpener } from '@aero/transport'
 *
 * try {
 *   await TlsSocketOpener.create({ ca: '/etc/aerospike/ca.pem', tlsName: 'db.example' })
 * } catch (error) {
 *   if (error instanceof TlsOptionsError) console.log(error.option) // ca, when there is no such file
 * }
 * ```
 */
export class TlsSocketOpener implements SocketOpener {
  /** Pipelining over TLS is fatal to the server. */
  readonly pipelines = false
  readonly secure = true
  readonly services = 'tls'
  readonly #setup: TlsSetup
  readonly #receiveBuffer: Uint8Array = new Uint8Array(RECEIVE_BYTES)

  private constructor(setup: TlsSetup) {
    this.#setup = setup
  }

  /**
   * Reads the files and checks that all of it fits together.
   *
   * @throws TlsOptionsError naming the option that cannot be used
   */
  static async create(options: TlsOptions = {}): Promise<TlsSocketOpener> {
    return new TlsSocketOpener({
      secureContext: (options.secureContext as SecureContext | undefined) ?? (await makeContext(options)),
      tlsName: options.tlsName,
      rejectUnauthorized: options.rejectUnauthorized !== false,
      revokedSerials: new Set((options.revokedSerials ?? []).map(normalSerial)),
    })
  }

  open(endpoint: Endpoint, events: SocketEvents): Socket {
    const shared = process.platform !== 'win32'
    return new TlsSocket(
      endpoint,
      events,
      this.#setup,
      shared ? this.#receiveBuffer : new Uint8Array(RECEIVE_BYTES),
    )
  }
}

class TlsSocket implements Socket {
  readonly #endpoint: Endpoint
  readonly #events: SocketEvents
  readonly #tls: TLSSocket
  #connected = false
  #secured = false
  #closed = false
  #congested = false
  readonly #written = (): void => {
    if (!this.#congested || this.#closed || this.#tls.writableLength > 0) return
    this.#congested = false
    this.#events.socketDrained()
  }

  constructor(endpoint: Endpoint, events: SocketEvents, setup: TlsSetup, buffer: Uint8Array) {
    this.#endpoint = endpoint
    this.#events = events
    const { host, port } = endpoint
    const name = endpoint.tlsName ?? setup.tlsName ?? host
    const options: ConnectionOptions & { onread: object } = {
      host,
      port,
      secureContext: setup.secureContext,
      rejectUnauthorized: setup.rejectUnauthorized,
      // An address is no name to ask for; it can only be compared with the certificate.
      servername: isIP(name) === 0 ? name : '',
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
      onread: {
        buffer,
        callback: (length: number) => {
          if (!this.#closed) events.socketBytes(buffer, length)
          return true
        },
      },
    }
    this.#tls = connect(options)
    this.#tls.setNoDelay(true)
    this.#tls.on('connect', () => {
      this.#connected = true
      if (!this.#closed) events.socketAdvanced?.('TLS handshake')
    })
    this.#tls.on('secureConnect', () => this.#handshakeDone(setup.revokedSerials))
    this.#tls.on('error', (cause) => this.#ended(this.#connected ? this.#explained(cause) : cause))
    this.#tls.on('end', () => this.#otherEndClosed())
    this.#tls.on('close', () => this.#otherEndClosed())
  }

  write(bytes: Uint8Array, length: number): boolean {
    // A copy: encryption is done with it later than this call in some cases, and requests are short.
    this.#tls.write(Buffer.from(bytes.subarray(0, length)), this.#written)
    if (this.#tls.writableLength > CONGESTED_BYTES) this.#congested = true
    return !this.#congested
  }

  hold(on: boolean): void {
    if (on) this.#tls.ref()
    else this.#tls.unref()
  }

  read(on: boolean): void {
    if (on) this.#tls.resume()
    else this.#tls.pause()
  }

  close(): void {
    this.#closed = true
    this.#tls.destroy()
  }

  #handshakeDone(revoked: ReadonlySet<string>): void {
    if (this.#closed) return
    this.#secured = true
    const serial = revoked.size === 0 ? undefined : revokedIn(this.#tls.getPeerCertificate(true), revoked)
    if (serial === undefined) this.#events.socketOpened()
    else {
      this.#ended(
        new TlsFailedError(
          this.#endpoint,
          'revoked',
          `the server's certificate, or one above it, was revoked: serial number ${serial}`,
        ),
      )
    }
  }

  /** What happens later is an ordinary end, unless TLS itself complains. */
  #explained(cause: Error): Error {
    const { code = '' } = cause as { code?: string }
    return !this.#secured || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')
      ? describeTlsFailure(this.#endpoint, cause)
      : cause
  }

  #otherEndClosed(): void {
    if (this.#secured || !this.#connected) this.#ended(undefined)
    else {
      const cause = Object.assign(new Error('closed by the server'), { code: 'ECONNRESET' })
      this.#ended(describeTlsFailure(this.#endpoint, cause))
    }
  }

  #ended(cause: Error | undefined): void {
    if (this.#closed) return
    this.close()
    this.#events.socketClosed(cause)
  }
}

async function makeContext(options: TlsOptions): Promise<SecureContext> {
  const [ca, cert, key] = await Promise.all([
    readCertificates(options.ca, 'ca'),
    options.cert === undefined ? undefined : readCertificate(options.cert, 'cert'),
    options.key === undefined ? undefined : readPem(options.key, 'key'),
  ])
  if (cert === undefined && key !== undefined)
    throw new TlsOptionsError('cert', 'a key without a certificate')
  if (cert !== undefined && key === undefined)
    throw new TlsOptionsError('key', 'a certificate without its key')
  const given: { [name: string]: unknown } = {
    ca: ca ?? systemRoots(),
    cert,
    key,
    passphrase: options.passphrase,
    minVersion: options.minVersion ?? 'TLSv1.2',
    maxVersion: options.maxVersion ?? (options.minVersion === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2'),
    ciphers: options.ciphers,
  }
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  try {
    return createSecureContext(present as SecureContextOptions)
  } catch (error) {
    throw describeOptions(present, error)
  }
}

/** Which option it was. OpenSSL's messages name no secrets. */
function describeOptions(given: { readonly [name: string]: unknown }, error: unknown): TlsOptionsError {
  const { message } = error as Error
  const { cert, key, passphrase, ciphers } = given
  const reason = `cannot be used (${message})`
  if (key !== undefined && fails({ key, passphrase })) {
    // Not by the error's code: what OpenSSL tells first may be left from something that failed before.
    if (!isEncrypted(key as Pem)) return new TlsOptionsError('key', reason, error)
    const what =
      passphrase === undefined ? 'the key is encrypted, and none is given' : 'does not open the key'
    return new TlsOptionsError('passphrase', `${what} (${message})`, error)
  }
  if (key !== undefined && fails({ cert, key, passphrase })) {
    return new TlsOptionsError('key', `does not belong to the certificate (${message})`, error)
  }
  if (ciphers !== undefined && fails({ ciphers })) return new TlsOptionsError('ciphers', reason, error)
  return new TlsOptionsError('tls', reason, error)
}

/** Whether a key in the PEM form is encrypted, as PKCS #8 or in OpenSSL's older way. */
function isEncrypted(key: Pem): boolean {
  const text = typeof key === 'string' ? key : new TextDecoder('latin1').decode(key)
  return /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text)
}

function fails(part: { readonly [name: string]: unknown }): boolean {
  try {
    createSecureContext(part as SecureContextOptions)
    return false
  } catch {
    return true
  }
}

/** Node trusts its own list; from 22.15 on it can also tell the system's. */
function systemRoots(): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'default' | 'system') => string[] }
  return getCACertificates === undefined
    ? undefined
    : [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}

/**
 * A serial number as Node prints it: hex in upper case, without separators and leading zeros.
 *
 * @throws TlsOptionsError when it is not a number in hex
 */
function normalSerial(serial: string): string {
  const digits = serial
    .replace(/^0x/i, '')
    .replace(/[:\s]/g, '')
    .replace(/^0+(?=.)/, '')
    .toUpperCase()
  if (!/^[0-9A-F]+$/.test(digits)) {
    throw new TlsOptionsError('revokedSerials', `'${serial}' is not a serial number in hex`)
  }
  return digits
}

/** The serial number of the first certificate of the chain that was revoked. */
function revokedIn(leaf: PeerCertificate, revoked: ReadonlySet<string>): string | undefined {
  const seen = new Set<object>()
  let certificate: PeerCertificate & { issuerCertificate?: PeerCertificate } = leaf
  while (certificate !== undefined && !seen.has(certificate)) {
    seen.add(certificate)
    const serial = certificate.serialNumber === undefined ? '' : normalSerial(certificate.serialNumber)
    if (revoked.has(serial)) return serial
    if (certificate.issuerCertificate === undefined) break
    certificate = certificate.issuerCertificate
  }
  return undefined
}
