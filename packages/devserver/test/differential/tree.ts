/**
 * What is packed into the payload of an operation, in a form that can be printed and made smaller. Texts, blobs and doubles
 * are said as such; numbers are integers.
 */
export type Tree =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | { readonly double: number }
  | PackedPairs
  | { readonly raw: string }
  | { readonly sketch: Uint8Array }
  | { readonly bound: 'infinity' | 'wildcard' }
  | { readonly marker: number }
  | { readonly geo: string }
  | readonly Tree[]

interface PackedPairs {
  readonly pairs: readonly (readonly [key: Tree, value: Tree])[]
}

const STRING = 3
const BLOB = 4
const HYPER_LOG_LOG = 18
const GEO_JSON = 23

/** MessagePack, as the server has it. */
export function pack(tree: Tree): Buffer {
  if (tree === null) return Buffer.of(0xc0)
  if (typeof tree === 'boolean') return Buffer.of(tree ? 0xc3 : 0xc2)
  if (typeof tree === 'number' || typeof tree === 'bigint') return packInteger(BigInt(tree))
  if (typeof tree === 'string') return packBytes(Buffer.concat([Buffer.of(STRING), Buffer.from(tree)]))
  if (tree instanceof Uint8Array) return packBytes(Buffer.concat([Buffer.of(BLOB), tree]))
  if ('double' in tree) {
    const bytes = Buffer.alloc(9, 0xcb)
    bytes.writeDoubleBE(tree.double, 1)
    return bytes
  }
  if ('raw' in tree) return packBytes(Buffer.from(tree.raw))
  if ('sketch' in tree) return packBytes(Buffer.concat([Buffer.of(HYPER_LOG_LOG), tree.sketch]))
  if ('geo' in tree) return packBytes(Buffer.concat([Buffer.of(GEO_JSON), Buffer.from(tree.geo)]))
  if ('marker' in tree) return Buffer.of(0xc7, 0, tree.marker)
  if ('bound' in tree) return Buffer.of(0xd4, 0xff, tree.bound === 'infinity' ? 1 : 0)
  if (!isList(tree)) return packMap(tree.pairs)
  return Buffer.concat([packHead(0x90, 0xdc, tree.length), ...tree.map(pack)])
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree)
}

function isMap(tree: Tree): tree is PackedPairs {
  return typeof tree === 'object' && tree !== null && 'pairs' in tree
}

function packMap(pairs: PackedPairs['pairs']): Buffer {
  const entries = pairs.flatMap(([key, value]) => [pack(key), pack(value)])
  return Buffer.concat([packHead(0x80, 0xde, pairs.length), ...entries])
}

function packHead(short: number, long: number, count: number): Buffer {
  return count < 16 ? Buffer.of(short | count) : Buffer.of(long, count >> 8, count & 0xff)
}

function packBytes(bytes: Uint8Array): Buffer {
  const { length } = bytes
  const head =
    length < 32
      ? Buffer.of(0xa0 | length)
      : length < 0x100
        ? Buffer.of(0xd9, length)
        : Buffer.of(0xda, length >> 8, length & 0xff)
  return Buffer.concat([head, bytes])
}

function packInteger(value: bigint): Buffer {
  if (value >= 0n && value < 128n) return Buffer.of(Number(value))
  if (value < 0n && value >= -32n) return Buffer.of(256 + Number(value))
  const bytes = Buffer.alloc(9)
  if (value >= 0n) {
    if (value < 0x100n) return Buffer.of(0xcc, Number(value))
    if (value < 0x1_0000n) return Buffer.of(0xcd, Number(value >> 8n), Number(value & 0xffn))
    if (value < 0x1_0000_0000n) {
      bytes[0] = 0xce
      bytes.writeUInt32BE(Number(value), 1)
      return bytes.subarray(0, 5)
    }
    bytes[0] = 0xcf
    bytes.writeBigUInt64BE(value, 1)
    return bytes
  }
  if (value >= -128n) return Buffer.of(0xd0, 256 + Number(value))
  if (value >= -0x8000n) {
    bytes[0] = 0xd1
    bytes.writeInt16BE(Number(value), 1)
    return bytes.subarray(0, 3)
  }
  if (value >= -0x8000_0000n) {
    bytes[0] = 0xd2
    bytes.writeInt32BE(Number(value), 1)
    return bytes.subarray(0, 5)
  }
  bytes[0] = 0xd3
  bytes.writeBigInt64BE(value, 1)
  return bytes
}

/** The same, smaller by one step: an element less, or a simpler one. */
export function* smaller(tree: Tree): Generator<Tree> {
  if (isList(tree)) {
    for (let index = tree.length - 1; index >= 0; index--) yield tree.filter((_, other) => other !== index)
    for (const [index, item] of tree.entries()) for (const less of smaller(item)) yield tree.with(index, less)
  } else if (isMap(tree)) {
    const { pairs } = tree
    for (const index of pairs.keys()) yield { pairs: pairs.filter((_, other) => other !== index) }
    for (const [index, [key, value]] of pairs.entries())
      for (const less of smaller(value)) yield { pairs: pairs.with(index, [key, less]) }
  } else if (typeof tree === 'bigint' || (typeof tree === 'number' && tree > 1)) {
    yield 1
    yield 0
  } else if (tree instanceof Uint8Array && tree.length > 0) yield tree.subarray(0, tree.length - 1)
  else if (typeof tree === 'string' && tree.length > 0) yield tree.slice(0, -1)
}

/** As it would be written down. */
export function show(tree: Tree): string {
  if (tree === null || typeof tree === 'boolean' || typeof tree === 'number') return String(tree)
  if (typeof tree === 'bigint') return `${tree}n`
  if (typeof tree === 'string') return JSON.stringify(tree)
  if (tree instanceof Uint8Array) return `x'${Buffer.from(tree).toString('hex')}'`
  if ('double' in tree) return `double(${Object.is(tree.double, -0) ? '-0' : tree.double})`
  if ('raw' in tree) return `raw(${JSON.stringify(tree.raw)})`
  if ('sketch' in tree) return `sketch(${Buffer.from(tree.sketch).toString('hex')})`
  if ('bound' in tree) return tree.bound
  if ('geo' in tree) return `geo(${tree.geo})`
  if ('marker' in tree) return `marker(${tree.marker})`
  if (!isList(tree))
    return `{ ${tree.pairs.map(([key, value]) => `${show(key)}: ${show(value)}`).join(', ')} }`
  return `[${tree.map(show).join(', ')}]`
}
