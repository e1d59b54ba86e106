/** Text or bytes in the PEM form, or the path of a file that holds them. A text with `-----BEGIN` in it is not a path. */
export type PemSource = string | Uint8Array

/** Versions of TLS. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

/** How to speak TLS. That there is such an object means TLS; nothing in it switches TLS off. */
export interface TlsOptions {
  /**
   * The authorities whose certificates are trusted; default: those that Node trusts, and with a Node that can tell them those of
   * the system.
   */
  readonly ca?: PemSource | readonly PemSource[] | undefined
  /** The client's certificate, where servers ask for one. */
  readonly cert?: PemSource | undefined
  /** The key of the client's certificate. */
  readonly key?: PemSource | undefined
  /** Opens an encrypted key. */
  readonly passphrase?: string | undefined
  /**
   * The name that certificates must carry, for endpoints that have none of their own. Default: the host that is connected to.
   */
  readonly tlsName?: string | undefined
  /** Default TLSv1.2. */
  readonly minVersion?: TlsVersion | undefined
  /** Default TLSv1.2: servers up to 8.1 do not support TLSv1.3. */
  readonly maxVersion?: TlsVersion | undefined
  /** A list in OpenSSL's form, names separated by colons, best first; default: Node's. */
  readonly ciphers?: string | undefined
  /** Serial numbers, in hex, of certificates that are no longer trusted, servers' or authorities'. Colons do not count. */
  readonly revokedSerials?: readonly string[] | undefined
  /**
   * `false` trusts every certificate, whoever signed it and for whom. Then anybody on the way can read and change everything: for
   * experiments only. Default `true`, also when `NODE_TLS_REJECT_UNAUTHORIZED` says otherwise.
   */
  readonly rejectUnauthorized?: boolean | undefined
  /** A context made with `tls.createSecureContext`, in place of authorities, certificate, key, versions and ciphers. */
  readonly secureContext?: object | undefined
}
