import type { BlockingLoop } from './bridge/loop.ts'

/** Values that come bit by bit. */
interface ValueSource<V> {
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
  before(): void
  /** After the last one. */
  after(): void
}

/**
 * Values, pulled: leaving the loop early ends the work behind them. A stream can be walked once.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk/sync'
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const source = 'function ages(stream) return stream : map(function(rec) return rec.age end) end'
 * session.registerUdf('value_stream.lua', source).done()
 * const ages = session.query(DataSet.of('test', 'users')).aggregate('value_stream', 'ages')
 * for (const age of ages.partials()) console.log(age)
 * ```
 */
export class ValueStream<V> implements Iterable<V>, Disposable {
  readonly #source: ValueSource<V>
  readonly #loop: BlockingLoop
  readonly #checks: ValueChecks | undefined

  /** Made by `partials()` of an aggregation. */
  constructor(source: ValueSource<V>, loop: BlockingLoop, checks?: ValueChecks) {
    this.#source = source
    this.#loop = loop
    this.#checks = checks
  }

  *[Symbol.iterator](): Generator<V, void, void> {
    const source = this.#source
    const checks = this.#checks
    try {
      checks?.before()
      for (;;) {
        const value = source.take()
        if (value !== undefined) yield value
        else if (source.isOver) {
          checks?.after()
          return
        } else this.#loop.finish((done) => source.arrival(done))
      }
    } finally {
      source.close()
    }
  }

  /** All values. */
  toArray(): V[] {
    return [...this]
  }

  /** The first value, or `undefined` when there is none. Closes the stream. */
  first(): V | undefined {
    for (const value of this) return value
    return undefined
  }

  /** Ends the work behind the values. May be called at any time, and again. */
  close(): void {
    this.#source.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
