/** Values that come bit by bit. */
export interface ValueSource<V> {
  /** The next value that is here; `undefined`: none, for now or `isOver`. */
  take(): V | undefined
  readonly isOver: boolean
  /** Calls `wake` when `take` should be tried again. */
  arrival(wake: () => void): void
  close(): void
}

/** What is to be seen to around the values: each throws when they are not to be had, or not to be believed. */
export interface ValueChecks {
  /** Before the first one is asked for. */
  before(): Promise<void>
  /** After the last one. */
  after(): Promise<void>
}

/**
 * Values, pulled: leaving the loop early ends the work behind them. A stream can be walked once.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const source = 'function ages(stream) return stream : map(function(rec) return rec.age end) end'
 * await (await session.registerUdf('value_stream.lua', source)).done()
 * const ages = session.query(DataSet.of('test', 'users')).aggregate('value_stream', 'ages')
 * for await (const age of await ages.partials()) console.log(age)
 * ```
 */
export class ValueStream<V> implements AsyncIterable<V>, AsyncDisposable {
  readonly #source: ValueSource<V>
  readonly #checks: ValueChecks | undefined

  /** Made by `partials()` of an aggregation. */
  constructor(source: ValueSource<V>, checks?: ValueChecks) {
    this.#source = source
    this.#checks = checks
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<V, void, void> {
    const source = this.#source
    const checks = this.#checks
    try {
      await checks?.before()
      for (;;) {
        const value = source.take()
        if (value !== undefined) yield value
        else if (source.isOver) {
          await checks?.after()
          return
        } else await new Promise<void>((resolve) => source.arrival(resolve))
      }
    } finally {
      source.close()
    }
  }

  /** All values. */
  async toArray(): Promise<V[]> {
    const values: V[] = []
    for await (const value of this) values.push(value)
    return values
  }

  /** The first value, or `undefined` when there is none. Closes the stream. */
  async first(): Promise<V | undefined> {
    for await (const value of this) return value
    return undefined
  }

  /** Ends the work behind the values. May be called at any time, and again. */
  async close(): Promise<void> {
    this.#source.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
