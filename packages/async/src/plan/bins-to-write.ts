import type { Value } from '@aero/codec'
import { UsageError } from './usage-error.ts'

/** Bins to write, by name. `null` removes the bin. */
export interface BinsToWrite {
  readonly [bin: string]: Value
}

/**
 * `T` where it can be written: every property, to any depth, is a {@link Value}. Unlike an index signature this also takes
 * objects whose type is an interface. A property that cannot be written has the type `never` here, so the compiler points
 * at it.
 */
export type Writable<T> = { readonly [K in keyof T]: WritableValue<T[K]> }

type WritableValue<T> = T extends Value
  ? T
  : T extends ((...parameters: never[]) => unknown) | symbol | undefined
    ? never
    : T extends object
      ? Writable<T>
      : never

/** What was given to `put`, as bins. @throws UsageError for what is no plain object of them. */
export function checkBins(bins: object): BinsToWrite {
  if (typeof bins !== 'object' || bins === null || Array.isArray(bins) || bins instanceof Map) {
    throw new UsageError('put takes an object of bins: { name: value, … }')
  }
  return bins as BinsToWrite
}

/** Whether there is no bin in it. */
export function isEmpty(bins: BinsToWrite): boolean {
  for (const bin in bins) if (Object.hasOwn(bins, bin)) return false
  return true
}
