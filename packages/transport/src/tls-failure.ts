import type { Endpoint } from './endpoint.ts'
import { TlsFailedError, type TlsFailure } from './errors.ts'

interface Explanation {
  readonly failure: TlsFailure
  readonly sentence: string
}

const UNTRUSTED: Explanation = {
  failure: 'untrusted',
  sentence:
    "the server's certificate was not signed by an authority that is trusted here; is the right one given as ca?",
}
const REFUSED: Explanation = {
  failure: 'refused',
  sentence:
    'the server refused the TLS handshake; does it want another client certificate, and are the versions and ciphers right?',
}
const PLAIN: Explanation = {
  failure: 'plain-server',
  sentence: 'the server does not answer in TLS; is this its port for plain connections?',
}

/** Codes of Node and OpenSSL, and what they mean to us. */
const BY_CODE: { readonly [code: string]: Explanation } = {
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_REJECTED: UNTRUSTED,
  INVALID_CA: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    failure: 'wrong-name',
    sentence: "the server's certificate is for another name; is the right one given as tlsName?",
  },
  CERT_HAS_EXPIRED: { failure: 'expired', sentence: "the server's certificate has expired" },
  CERT_NOT_YET_VALID: { failure: 'not-yet-valid', sentence: "the server's certificate is not valid yet" },
  CERT_REVOKED: { failure: 'revoked', sentence: "the server's certificate was revoked" },
  ERR_SSL_WRONG_VERSION_NUMBER: PLAIN,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: PLAIN,
  ERR_SSL_HTTP_REQUEST: PLAIN,
  ECONNRESET: {
    failure: 'closed',
    sentence:
      'the server closed the connection during the TLS handshake; is this its port for plain connections, or does it want a client certificate?',
  },
}

/** The error for a handshake that failed with `cause`. */
export function describeTlsFailure(endpoint: Endpoint, cause: Error): TlsFailedError {
  if (cause instanceof TlsFailedError) return cause
  const { code = '' } = cause as { code?: string }
  const known = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined
  const explanation = known ?? (/ALERT|HANDSHAKE|PROTOCOL|CIPHER/.test(code) ? REFUSED : undefined)
  const { failure, sentence } = explanation ?? {
    failure: 'other' as const,
    sentence: 'the TLS handshake failed',
  }
  return new TlsFailedError(endpoint, failure, `${sentence} (${cause.message})`, cause)
}

/** The error for an answer in TLS to something that was not sent in TLS. */
export function answersInTls(endpoint: Endpoint): TlsFailedError {
  return new TlsFailedError(
    endpoint,
    'tls-server',
    'the server answers in TLS; this is its port for TLS, which has to be configured',
  )
}

/** Whether these are the first bytes of a TLS record that carries an alert or a handshake: no Aerospike frame begins so. */
export function looksLikeTls(bytes: Uint8Array, length: number): boolean {
  const [first, second] = bytes
  return length >= 2 && (first === 0x15 || first === 0x16) && second === 0x03
}
