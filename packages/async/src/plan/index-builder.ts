import { ByteWriter, encodeExpression, type IndexCreation, type PathStep, writeContext } from '@aero/codec'
import type { Exp } from './exp.ts'
import { UsageError } from './usage-error.ts'

/** How an index builder ends: what creating gives, and what dropping gives. */
export interface IndexRunner<Created, Dropped> {
  createIndex(index: IndexCreation): Created
  dropIndex(namespace: string, name: string): Dropped
}

/**
 * A secondary index, to be created or dropped.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const users = DataSet.of('test', 'users')
 * const task = await session.index(users).onBin('age').named('users-age').integer().create()
 * await task.done()
 * await session.index(users).named('users-age').drop()
 * ```
 */
export class IndexBuilder<Created, Dropped> {
  readonly #runner: IndexRunner<Created, Dropped>
  readonly #namespace: string
  readonly #set: string | undefined
  #name: string | undefined = undefined
  #bin: string | undefined = undefined
  #type: IndexCreation['type'] = undefined
  #collection: IndexCreation['collection'] = 'DEFAULT'
  #context: Uint8Array | undefined = undefined
  #expression: Uint8Array | undefined = undefined

  constructor(runner: IndexRunner<Created, Dropped>, namespace: string, set: string | undefined) {
    this.#runner = runner
    this.#namespace = namespace
    this.#set = set
  }

  /** The index's name, unique in the namespace. */
  named(name: string): this {
    this.#name = name
    return this
  }

  /** What this bin holds is indexed. @throws UsageError after {@link expression} */
  onBin(bin: string): this {
    if (this.#expression !== undefined) throw new UsageError('an index is on a bin or on an expression')
    this.#bin = bin
    return this
  }

  /** What this computes of every record is indexed; servers from 8.1. @throws UsageError after {@link onBin} */
  expression(expression: Exp): this {
    if (this.#bin !== undefined) throw new UsageError('an index is on a bin or on an expression')
    this.#expression = encodeExpression(expression)
    return this
  }

  /** Integers. */
  integer(): this {
    return this.#typed('INTEGER')
  }

  /** Another name of {@link integer}: doubles are not indexed. */
  numeric(): this {
    return this.#typed('INTEGER')
  }

  /** Texts. */
  string(): this {
    return this.#typed('STRING')
  }

  /** Bytes; servers from 7.0. */
  blob(): this {
    return this.#typed('BLOB')
  }

  /** Points and regions. */
  geo2dsphere(): this {
    return this.#typed('GEO2DSPHERE')
  }

  #typed(type: NonNullable<IndexCreation['type']>): this {
    this.#type = type
    return this
  }

  /** Each element of a list, key or value of a map, instead of the value as it stands. */
  collection(collection: 'DEFAULT' | 'LIST' | 'MAPKEYS' | 'MAPVALUES'): this {
    this.#collection = collection
    return this
  }

  /** What stands at this path inside of the bin; see `parseCtx`. */
  context(steps: readonly PathStep[]): this {
    const out = new ByteWriter(32)
    writeContext(out, steps)
    this.#context = out.take()
    return this
  }

  /** The set as a whole: queries for all of its records need not look at others. Servers from 8.1.2. */
  wholeSet(): this {
    this.#collection = 'SET'
    return this
  }

  /**
   * Creates the index. It is built in the background: the task tells when it is ready. The same index again is no error; servers give
   * the index the newer name, if it is another one.
   *
   * @throws UsageError when something is missing
   */
  create(): Created {
    const name = this.#checkedName()
    if (this.#collection !== 'SET') {
      if (this.#bin === undefined && this.#expression === undefined)
        throw new UsageError('a bin is required: call onBin() first, or expression()')
      if (this.#type === undefined)
        throw new UsageError('a type is required: call integer(), string(), blob() or geo2dsphere() first')
    } else if (this.#bin !== undefined || this.#expression !== undefined || this.#type !== undefined)
      throw new UsageError('the index of a whole set has no bin, no expression and no type')
    return this.#runner.createIndex({
      namespace: this.#namespace,
      set: this.#set,
      name,
      bin: this.#bin,
      type: this.#type,
      collection: this.#collection,
      context: this.#context,
      expression: this.#expression,
    })
  }

  /** Drops the index of this name. That there is none is no error. @throws UsageError without a name */
  drop(): Dropped {
    return this.#runner.dropIndex(this.#namespace, this.#checkedName())
  }

  #checkedName(): string {
    if (this.#name === undefined || this.#name === '')
      throw new UsageError('a name is required: call named() first')
    return this.#name
  }
}
