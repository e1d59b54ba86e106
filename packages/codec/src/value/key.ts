import { EncodeError } from '../errors.ts'
import { describeValue } from './describe-value.ts'
import { computeDigest, computeDigests, DIGEST_BYTES } from './digest.ts'
import { PARTITION_COUNT, partitionIdOf } from './partition-id.ts'

/** What a record may be known by: text, an integer of 64 bits, or bytes. `1` and `'1'` are different keys, `1` and `1n` the same. */
export type KeyValue = string | number | bigint | Uint8Array

/** A key as plain data, fit for JSON and for other threads: what {@link Key.toJSON} gives and {@link Key.from} takes. */
export interface KeyData {
  readonly namespace: string
  /** Empty for a record outside all sets. */
  readonly setName: string
  /** Absent when only the digest is known. */
  readonly value?: KeyValue | undefined
  /** 20 bytes, or 40 hexadecimal digits; may be absent where there is a value. */
  readonly digest?: Uint8Array | string | undefined
}

/** In place of a digest: the subclass has it. */
const DIGEST_LATER: unique symbol = Symbol('digest')

/**
 * Names one record: its namespace, its set, and the value the user knows it by, or only the digest of that value.
 *
 * A key does not change: bytes given to it are copied. Do not write into {@link Key.digest}. A structured clone of a key, as
 * `postMessage` makes them, is no key any more, and of one that came in a list or from a query not even its digest is left: send
 * {@link toJSON}, and make a key of it again by {@link from}.
 *
 * @typeParam B the bins of its record, where they are known; a key of a typed data set carries it
 *
 * @example
 * ```ts
 * import { Key } from '@aero/codec'
 * const key = Key.of('test', 'users', 'alice')
 * console.log(String(key)) // test:users:alice
 * console.log(key.equals(Key.fromDigest('test', 'users', key.digestHex))) // true
 * ```
 */
export class Key<B = unknown> {
  /** Carries the type of the bins through the compiler; there is nothing of it at run time. */
  declare protected readonly bins?: B
  readonly namespace: string
  /** Empty for a record outside all sets. */
  readonly setName: string
  /** `undefined` when only the digest is known. */
  readonly value: KeyValue | undefined
  /** 20 bytes: what the server knows the record by. Declared, not defined: a {@link PackedKey} makes its own when it is asked. */
  declare readonly digest: Uint8Array

  /**
   * @param setName empty for none
   * @param value may be left out only when there is a digest
   * @param digest taken as it is; computed from set and value when left out
   * @throws EncodeError for a value that cannot be a key, a digest that is not 20 bytes, an empty namespace.
   */
  constructor(
    namespace: string,
    setName: string,
    value: KeyValue | undefined,
    digest?: Uint8Array | typeof DIGEST_LATER,
  ) {
    if (typeof namespace !== 'string' || namespace === '') {
      throw new EncodeError('', `a key needs the name of a namespace, not ${describeName(namespace)}`)
    }
    if (typeof setName !== 'string')
      throw new EncodeError('', `a set name is a string, not ${describeValue(setName)}`)
    this.namespace = namespace
    this.setName = setName
    this.value = value instanceof Uint8Array ? new Uint8Array(value) : value
    if (digest === undefined) this.digest = computeDigest(setName, value as KeyValue)
    else if (digest !== DIGEST_LATER) this.digest = copyDigest(digest)
  }

  /**
   * The key of the record that the user knows as `value`.
   *
   * @throws EncodeError as the constructor.
   */
  static of<B = unknown>(namespace: string, setName: string, value: KeyValue): Key<B> {
    return makeKey(namespace, setName, value)
  }

  /**
   * The key of a record whose value is not known.
   *
   * @param digest 20 bytes, or 40 hexadecimal digits
   * @throws EncodeError for anything else.
   */
  static fromDigest<B = unknown>(namespace: string, setName: string, digest: Uint8Array | string): Key<B> {
    return makeKey(namespace, setName, undefined, typeof digest === 'string' ? parseDigest(digest) : digest)
  }

  /**
   * The key that {@link toJSON} has told of, also after JSON or another thread; or a structured clone of a key that has a value.
   *
   * @throws EncodeError when there is neither value nor digest, and as the constructor.
   *
   * @example
   * ```ts
   * import { Key } from '@aero/codec'
   * const key = Key.of('test', 'users', 'alice')
   * console.log(Key.from(JSON.parse(JSON.stringify(key))).equals(key)) // true
   * ```
   */
  static from<B = unknown>({ namespace, setName, value, digest }: KeyData): Key<B> {
    if (value !== undefined) return makeKey(namespace, setName, value)
    if (digest === undefined) {
      throw new EncodeError(
        '',
        'a key needs a value or a digest, and this has neither: clone what key.toJSON() gives, not the key',
      )
    }
    return makeKey(namespace, setName, undefined, typeof digest === 'string' ? parseDigest(digest) : digest)
  }

  /** The digest as 40 lower-case hexadecimal digits. */
  get digestHex(): string {
    return hexOf(this.digest)
  }

  /** Whether both name the same record: the same namespace and digest. */
  equals(other: Key): boolean {
    if (this.namespace !== other.namespace) return false
    for (let index = 0; index < DIGEST_BYTES; index++) {
      if (this.digest[index] !== other.digest[index]) return false
    }
    return true
  }

  /**
   * The key as plain data, with its digest in hexadecimal digits. A value that JSON cannot say, a bigint or bytes, is left out: the digest
   * names the record all the same.
   */
  toJSON(): KeyData {
    const { namespace, setName, value, digestHex } = this
    const isPlain = typeof value === 'string' || typeof value === 'number'
    return { namespace, setName, ...(isPlain ? { value } : {}), digest: digestHex }
  }

  /** `namespace:set:value`; bytes as `0x…`, and `#` with the digest when there is no value. */
  toString(): string {
    const { value } = this
    let text: string
    if (value === undefined) text = `#${this.digestHex}`
    else text = value instanceof Uint8Array ? `0x${hexOf(value)}` : String(value)
    return `${this.namespace}:${this.setName}:${text}`
  }
}

/**
 * One of many keys: those that a query has found, or that were made from a list. Few of them are looked at, so the digest is kept as
 * five words, and is made into bytes when it is asked for: an array of bytes takes four times the memory of all the rest of a key,
 * and a fifth of the time that the client has for a row of a batch (docs/decisions/0012).
 */
export class PackedKey<B = unknown> extends Key<B> {
  readonly #first: number
  readonly #second: number
  readonly #third: number
  readonly #fourth: number
  readonly #fifth: number
  #bytes: Uint8Array | undefined = undefined

  static {
    // Like this, because the compiler lets no accessor stand for a property.
    // biome-ignore lint/complexity/noThisInStatic: a class that names itself is renamed by the bundler, see below
    Object.defineProperty(this.prototype, 'digest', {
      get(this: PackedKey): Uint8Array {
        return (this.#bytes ??= this.#unpacked())
      },
    })
  }

  /** @param at where the digest begins in `view` */
  constructor(namespace: string, setName: string, value: KeyValue | undefined, view: DataView, at: number) {
    super(namespace, setName, value, DIGEST_LATER)
    this.#first = view.getInt32(at)
    this.#second = view.getInt32(at + 4)
    this.#third = view.getInt32(at + 8)
    this.#fourth = view.getInt32(at + 12)
    this.#fifth = view.getInt32(at + 16)
  }

  #unpacked(): Uint8Array {
    const bytes = new Uint8Array(DIGEST_BYTES)
    this.unpackInto(new DataView(bytes.buffer), 0)
    return bytes
  }

  /** Writes the digest to `view`, from `at` on. */
  unpackInto(view: DataView, at: number): void {
    view.setInt32(at, this.#first)
    view.setInt32(at + 4, this.#second)
    view.setInt32(at + 8, this.#third)
    view.setInt32(at + 12, this.#fourth)
    view.setInt32(at + 16, this.#fifth)
  }

  /** {@link partitionIdOf} the digest. */
  get partitionId(): number {
    const first = this.#first
    return ((first >>> 24) | ((first >>> 8) & 0xff00)) & (PARTITION_COUNT - 1)
  }
}

/**
 * The keys of many records of one set, in the order of `values`: in less time and memory than one by one.
 *
 * @throws EncodeError as the constructor of {@link Key}, for the first value that cannot be one.
 * @example
 * ```ts
 * import { keysOf } from '@aero/codec'
 * console.log(keysOf('test', 'users', [1, 'alice']).join()) // test:users:1,test:users:alice
 * ```
 */
export function keysOf<B = unknown>(
  namespace: string,
  setName: string,
  values: readonly KeyValue[],
): Key<B>[] {
  const digests = computeDigests(setName, values)
  const view = new DataView(digests.buffer)
  const keys: Key<B>[] = []
  for (let index = 0; index < values.length; index++) {
    keys.push(new PackedKey<B>(namespace, setName, values[index], view, index * DIGEST_BYTES))
  }
  return keys
}

/** The partition that the record of a key is in. */
export function partitionOf(key: Key): number {
  return key instanceof PackedKey ? key.partitionId : partitionIdOf(key.digest)
}

/** Writes the 20 bytes of a key's digest to `bytes`, from `at` on; `view` is over the same memory. */
export function writeDigest(key: Key, bytes: Uint8Array, view: DataView, at: number): void {
  if (key instanceof PackedKey) key.unpackInto(view, at)
  else {
    const { digest } = key
    for (let index = 0; index < DIGEST_BYTES; index++) bytes[at + index] = digest[index] as number
  }
}

// A class that names itself in its own body is renamed by the bundler (to `_Key`), and users would see that name.
function makeKey<B>(
  namespace: string,
  setName: string,
  value: KeyValue | undefined,
  digest?: Uint8Array,
): Key<B> {
  return new Key<B>(namespace, setName, value, digest)
}

function copyDigest(digest: Uint8Array): Uint8Array {
  if (!(digest instanceof Uint8Array))
    throw new EncodeError('', `a digest is bytes, not ${describeValue(digest)}`)
  if (digest.length !== DIGEST_BYTES) {
    throw new EncodeError('', `a digest has ${DIGEST_BYTES} bytes, not ${digest.length}`)
  }
  return new Uint8Array(digest)
}

function parseDigest(hex: string): Uint8Array {
  if (!/^[0-9a-f]{40}$/i.test(hex))
    throw new EncodeError('', `a digest has 40 hexadecimal digits, not '${hex}'`)
  const digest = new Uint8Array(DIGEST_BYTES)
  for (let index = 0; index < DIGEST_BYTES; index++) {
    digest[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)
  }
  return digest
}

function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

function describeName(name: unknown): string {
  return name === '' ? 'an empty one' : describeValue(name)
}
