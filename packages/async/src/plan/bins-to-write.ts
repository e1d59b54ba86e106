import type { Value } from '@aero/codec'

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
