import type { Key } from '../value/key.ts'
import type { BinValue } from '../value/value.ts'
import type { ValueOptions } from '../value/value-options.ts'
import type { BinNames } from './bin-names.ts'

/** Names and values as they are read. A plain object: `record.bins.name`. */
export type Bins = { [bin: string]: BinValue }

/** Unix seconds of 2010-01-01T00:00:00Z, from which the server counts. */
export const SERVER_EPOCH_SECONDS = 1_262_304_000

/**
 * A record as it was read.
 *
 * @example
 * ```ts
 * import { Key, Record } from '@aero/codec'
 * const record = new Record(Key.of('test', 'users', 'alice'), { age: 28 }, 3, 'never')
 * console.log(record.bins.age, record.generation) // 28 3
 * ```
 */
export class Record<B = Bins> {
  /** The key it was asked for by. */
  readonly key: Key
  /** Its bins by name. A bin with several results in one command holds the array of them, in order. */
  readonly bins: B
  /** How often it has been written since it was created, modulo what the namespace keeps. 0 after a delete. */
  readonly generation: number
  /** Whole seconds left to live, at least 1; `'never'` when it does not expire. */
  readonly ttl: number | 'never'

  constructor(key: Key, bins: B, generation: number, ttl: number | 'never') {
    this.key = key
    this.bins = bins
    this.generation = generation
    this.ttl = ttl
  }
}

/** What reading a record needs to know. */
export interface RecordOptions extends ValueOptions {
  /** Remembers bin names between records. */
  readonly names: BinNames
  /** Unix time in milliseconds; called only for a record that expires. */
  now(): number
}

/**
 * Seconds to live from a reply's void time. A record that should be gone by our clock counts 1 second: 0 would read as
 * something else, and the server, whose clock decides, did answer.
 */
export function ttlOf(voidTime: number, options: RecordOptions): number | 'never' {
  if (voidTime === 0) return 'never'
  return Math.max(1, voidTime + SERVER_EPOCH_SECONDS - Math.floor(options.now() / 1000))
}

/** A void time from seconds to live; the opposite of {@link ttlOf}. */
export function voidTimeOf(ttl: number | 'never', nowMs: number): number {
  return ttl === 'never' ? 0 : Math.floor(nowMs / 1000) - SERVER_EPOCH_SECONDS + ttl
}
