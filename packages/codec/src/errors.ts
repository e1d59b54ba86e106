/**
 * What a codec function throws, and nothing else.
 *
 * `EncodeError`: a value the wire cannot carry; `path` names it (`bins.address.zip`).
 * `DecodeError`: bytes that are not what the protocol says; `offset` and `excerpt` show where.
 */

/** Base of everything `@aero/codec` throws. `instanceof` works for its two leaves. */
export class CodecError extends Error {
  override readonly name: string = 'CodecError'
}

/** A value or request that cannot be written. Thrown before a byte of it has been sent. */
export class EncodeError extends CodecError {
  override readonly name: string = 'EncodeError'
  /** Where in the input the value stands, for instance `bins.tags[2]`; empty when the whole input is meant. */
  readonly path: string
  /** Why it cannot be written, without the path. */
  readonly reason: string

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`)
    this.path = path
    this.reason = reason
  }

  /**
   * The same error seen from one level further out: the path of the value goes behind `parent`, so `[2].city` under `tags`
   * becomes `tags[2].city`.
   */
  under(parent: string): EncodeError {
    return makeEncodeError(joinPath(parent, this.path), this.reason)
  }
}

// A class that names itself in its own body is renamed by the bundler, and users would see that name.
function makeEncodeError(path: string, reason: string): EncodeError {
  return new EncodeError(path, reason)
}

function joinPath(parent: string, path: string): string {
  if (parent === '') return path
  return path === '' || path.startsWith('[') ? parent + path : `${parent}.${path}`
}

/** Bytes that break the protocol's layout, or a limit of {@link DecodeLimits}. */
export class DecodeError extends CodecError {
  override readonly name: string = 'DecodeError'
  /** Offset of the first offending byte in the buffer that was read. */
  readonly offset: number

  constructor(message: string, offset: number, excerpt = '') {
    super(`${message} (offset ${offset})${excerpt === '' ? '' : ` … ${excerpt}`}`)
    this.offset = offset
  }
}

/** The bytes end before the value does. */
export class TruncatedError extends DecodeError {
  override readonly name: string = 'TruncatedError'
}

/** A length, count or depth above what {@link DecodeLimits} allows. */
export class LimitExceededError extends DecodeError {
  override readonly name: string = 'LimitExceededError'
}
