import { EXTENSION, MSGPACK } from '../value/msgpack-format.ts'

/** `fixext1` of the type for comparisons, then which: wildcard or infinity. */
export const BOUND = { wildcard: 0x00, infinity: 0x01 } as const
export const BOUND_HEAD: readonly [number, number] = [MSGPACK.fixExt1, EXTENSION.comparison]
