// The certificate library asks for this before it is loaded.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

/** What a certificate says. */
export interface CertificateOptions {
  /** The subject's common name. */
  readonly name: string
  /** DNS names it is valid for. */
  readonly dns?: readonly string[]
  /** IP addresses it is valid for. */
  readonly addresses?: readonly string[]
  /** Serial number in hex; a small one of its own unless given. */
  readonly serial?: string
  /** Days from now; default -1 to 1. */
  readonly validFromDays?: number
  readonly validToDays?: number
}

/** A certificate and its key, as texts. */
export interface CertificatePair {
  readonly cert: string
  /** PKCS #8. */
  readonly key: string
  /** In hex, as Node prints it: upper case. */
  readonly serial: string
}

let nextSerial = 0x1001

/**
 * Signs certificates for tests. Made at run time, so that nothing in the repository expires.
 *
 * @example
 * ```ts
 * import { CertificateAuthority } from '@aero/testkit/certificates'
 * const authority = await CertificateAuthority.create('a test')
 * const { cert, key } = await authority.issue({ name: 'db1', dns: ['db1.example'], addresses: ['127.0.0.1'] })
 * ```
 */
export class CertificateAuthority {
  /** Its own certificate, as a text. */
  readonly cert: string
  readonly #keys: webcrypto.CryptoKeyPair
  readonly #certificate: X509Certificate

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.cert = `${certificate.toString('pem')}\n`
    this.#certificate = certificate
    this.#keys = keys
  }

  static async create(name: string): Promise<CertificateAuthority> {
    cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0])
    const keys = await makeKeys()
    const now = Date.now()
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: (nextSerial++).toString(16),
      name: `CN=${name}`,
      notBefore: new Date(now - 10_000 * DAY_MS),
      notAfter: new Date(now + 10_000 * DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys: keys as never,
      extensions: [
        new BasicConstraintsExtension(true, 2, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    })
    return new CertificateAuthority(certificate, keys)
  }

  /** Signs a certificate that servers and clients can use. */
  async issue(options: CertificateOptions): Promise<CertificatePair> {
    const keys = await makeKeys()
    const now = Date.now()
    const names = [
      ...(options.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
      ...(options.addresses ?? []).map((value) => ({ type: 'ip' as const, value })),
    ]
    const certificate = await X509CertificateGenerator.create({
      serialNumber: options.serial ?? (nextSerial++).toString(16),
      subject: `CN=${options.name}`,
      issuer: this.#certificate.subject,
      notBefore: new Date(now + (options.validFromDays ?? -1) * DAY_MS),
      notAfter: new Date(now + (options.validToDays ?? 1) * DAY_MS),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey as never,
      signingKey: this.#keys.privateKey as never,
      extensions: [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      ],
    })
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
    return {
      cert: `${certificate.toString('pem')}\n`,
      key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n`,
      serial: certificate.serialNumber.toUpperCase(),
    }
  }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}
