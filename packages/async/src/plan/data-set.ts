import { Key, type KeyValue, keysOf } from '@aero/codec'
import { checkSchema, keyWithSchema, type SchemaOptions } from './schema.ts'
import { UsageError } from './usage-error.ts'

/**
 * A namespace and a set in it: where keys come from.
 *
 * With a type for the bins of its records it is typed: what is read has that type, names and values of bins are checked, and
 * `bin(name)` offers the operations that fit what the bin holds. The compiler takes the type's word for it: records that
 * others wrote differently are not noticed.
 *
 * @typeParam B an object type with a property for each bin, optional for those that may be absent; `unknown` when nothing is
 *   said
 *
 * @example
 * ```ts
 * import { DataSet } from '@aero/sdk'
 * const users = DataSet.of<{ name: string; age?: number }>('test', 'users')
 * console.log(users.id('alice').toString()) // test:users:alice
 * ```
 */
export class DataSet<B = unknown> {
  /** Carries the type of the bins through the compiler; there is nothing of it at run time. */
  declare protected readonly bins?: B
  readonly namespace: string
  /** Name of the set; empty for the records of the namespace that are in no set. */
  readonly setName: string

  readonly #schema: SchemaOptions<B> | undefined

  /** @throws UsageError when the namespace is empty, `setName` is an empty string, or the schema is none. */
  constructor(namespace: string, setName: string | null, options?: SchemaOptions<B>) {
    if (typeof namespace !== 'string' || namespace === '') throw new UsageError('namespace cannot be empty')
    if (setName !== null && (typeof setName !== 'string' || setName === '')) {
      throw new UsageError('setName cannot be empty; pass null for records that are in no set')
    }
    this.namespace = namespace
    this.setName = setName ?? ''
    this.#schema = options === undefined ? undefined : checkSchema(options)
  }

  /**
   * A data set; `null` as set addresses records that are in no set.
   *
   * @param options a schema that judges the bins of writes, and of reads if asked to; the data set has its type
   * @throws UsageError as the constructor.
   */
  static of<B = unknown>(namespace: string, setName: string | null, options?: SchemaOptions<B>): DataSet<B> {
    return new DataSet(namespace, setName, options)
  }

  /**
   * The key of the record with this user value. `1`, `1n` are the same key; `'1'` is another one.
   *
   * @throws EncodeError for a number that is not a safe integer, a bigint beyond 64 bits, or any other type.
   */
  id(value: KeyValue): Key<B> {
    return this.#schema === undefined
      ? new Key(this.namespace, this.setName, value)
      : keyWithSchema(this.namespace, this.setName, value, undefined, this.#schema)
  }

  /**
   * Keys for several user values, in the order given; an iterable is taken element by element. For many thousands in less time than
   * {@link id} for each.
   */
  ids(values: Iterable<KeyValue>): Key<B>[]
  ids(...values: KeyValue[]): Key<B>[]
  ids(...values: [Iterable<KeyValue>] | KeyValue[]): Key<B>[] {
    const [first] = values
    const list =
      values.length === 1 && typeof first === 'object' && !(first instanceof Uint8Array)
        ? (first as Iterable<KeyValue>)
        : (values as KeyValue[])
    const all = Array.isArray(list) ? list : [...list]
    return this.#schema === undefined
      ? keysOf(this.namespace, this.setName, all)
      : all.map((value) => this.id(value))
  }

  /**
   * The key with this digest: 20 bytes, or their 40 hexadecimal digits. It carries no user value.
   *
   * @throws EncodeError for anything else.
   */
  idFromDigest(digest: Uint8Array | string): Key<B> {
    const key = Key.fromDigest<B>(this.namespace, this.setName, digest)
    return this.#schema === undefined
      ? key
      : keyWithSchema(this.namespace, this.setName, undefined, key.digest, this.#schema)
  }

  /** {@link idFromDigest} for several digests. */
  idsFromDigests(...digests: (Uint8Array | string)[]): Key<B>[] {
    return digests.map((digest) => this.idFromDigest(digest))
  }

  /** The key for a value of unknown type: what {@link id} takes, or an error that names the type. */
  idForObject(value: unknown): Key<B> {
    switch (typeof value) {
      case 'string':
      case 'bigint':
        return this.id(value)
      case 'number':
        if (Number.isInteger(value)) return this.id(value)
        throw new UsageError(
          `Cannot use the number ${value} as key identifier: keys are integers, strings or bytes`,
        )
      default:
        if (value instanceof Uint8Array) return this.id(value)
        throw new UsageError(
          `Cannot construct a key for a value of type ${value === null ? 'null' : typeof value}: only strings, integers and bytes are supported`,
        )
    }
  }

  equals(other: DataSet): boolean {
    return this.namespace === other.namespace && this.setName === other.setName
  }

  /** `namespace:set`. */
  toString(): string {
    return `${this.namespace}:${this.setName}`
  }
}
