import { EncodeError } from '../errors.ts'
import { INT64_MAX, INT64_MIN } from '../wire/int64.ts'

/** Refuses what is no integer of 64 bits. @throws EncodeError; for a number also when it is not a safe integer */
export function checkIntegerKey(value: number | bigint): void {
  if (typeof value === 'bigint') {
    if (value < INT64_MIN || value > INT64_MAX)
      throw new EncodeError('', `key ${value} does not fit into 64 bits`)
  } else if (!Number.isSafeInteger(value)) {
    const advice = Number.isInteger(value) ? ': write it as a bigint' : ''
    throw new EncodeError('', `key ${value} is not a safe integer${advice}`)
  }
}
