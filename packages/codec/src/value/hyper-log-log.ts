import { EncodeError } from '../errors.ts'

/** A HyperLogLog sketch as the server stores it: bytes to be kept and given back, not to be looked into. */
export class HyperLogLog {
  readonly bytes: Uint8Array

  /** @throws EncodeError when `bytes` is not a `Uint8Array`. */
  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array))
      throw new EncodeError('', `HyperLogLog takes a Uint8Array, not a ${typeof bytes}`)
    this.bytes = bytes
  }
}
