import { Key, type KeyValue } from '@aero/codec'
import { UsageError } from './usage-error.ts'

/**
 * A namespace and a set in it: where keys come from.
 *
 * @example
 * ```ts
 * import { DataSet } from '@aero/sdk'
 * const users = DataSet.of('test', 'users')
 * console.log(users.id('alice').toString()) // test:users:alice
 * ```
 */
export class DataSet {
  readonly namespace: string
  /** Name of the set; empty for the records of the namespace that are in no set. */
  readonly setName: string

  /** @throws UsageError when the namespace is empty, or `setName` is an empty string. */
  constructor(namespace: string, setName: string | null) {
    if (typeof namespace !== 'string' || namespace === '') throw new UsageError('namespace cannot be empty')
    if (setName !== null && (typeof setName !== 'string' || setName === '')) {
      throw new UsageError('setName cannot be empty; pass null for records that are in no set')
    }
    this.namespace = namespace
    this.setName = setName ?? ''
  }

  /** A data set; `null` as set addresses records that are in no set. */
  static of(namespace: string, setName: string | null): DataSet {
    return new DataSet(namespace, setName)
  }

  /**
   * The key of the record with this user value. `1`, `1n` are the same key; `'1'` is another one.
   *
   * @throws EncodeError for a number that is not a safe integer, a bigint beyond 64 bits, or any other type.
   */
  id(value: KeyValue): Key {
    return new Key(this.namespace, this.setName, value)
  }

  /** Keys for several user values, in the order given; an iterable is taken element by element. */
  ids(values: Iterable<KeyValue>): Key[]
  ids(...values: KeyValue[]): Key[]
  ids(...values: [Iterable<KeyValue>] | KeyValue[]): Key[] {
    const [first] = values
    const list =
      values.length === 1 && typeof first === 'object' && !(first instanceof Uint8Array)
        ? (first as Iterable<KeyValue>)
        : (values as KeyValue[])
    return Array.from(list, (value) => this.id(value))
  }

  /** The key with this digest: 20 bytes, or their 40 hexadecimal digits. It carries no user value. */
  idFromDigest(digest: Uint8Array | string): Key {
    return Key.fromDigest(
      this.namespace,
      this.setName,
      typeof digest === 'string' ? parseDigest(digest) : digest,
    )
  }

  /** {@link idFromDigest} for several digests. */
  idsFromDigests(...digests: (Uint8Array | string)[]): Key[] {
    return digests.map((digest) => this.idFromDigest(digest))
  }

  /** The key for a value of unknown type: what {@link id} takes, or an error that names the type. */
  idForObject(value: unknown): Key {
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

function parseDigest(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{40}$/.test(text)) {
    throw new UsageError(`a digest is 40 hexadecimal digits, not '${text}'`)
  }
  const digest = new Uint8Array(20)
  for (let index = 0; index < 20; index++)
    digest[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16)
  return digest
}
