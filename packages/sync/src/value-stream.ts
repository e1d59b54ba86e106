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

  /** Made by `partials()` of an aggregation. */
  constructor(source: ValueSource<V>, loop: BlockingLoop) {
    this.#source = source
    this.#loop = loop
  }

  *[Symbol.iterator](): Generator<V, void, void> {
    const source = this.#source
    try {
      for (;;) {
        const value = source.take()
        if (value !== undefined) yield value
        else if (source.isOver) return
        else this.#loop.finish((done) => source.arrival(done))
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
