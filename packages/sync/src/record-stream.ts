import { type Bins, RESULT_CODE, type Record, RecordNotFoundError, type Row } from '@aero/async'

/** Where a stream's rows come from: the next row, for which it may be blocked, or `undefined` at the end. */
export interface RowSource<B> {
  next(): Row<B> | undefined
  /** Ends the work behind the rows; called once, also after the last row. */
  close(): void
}

/**
 * Rows, pulled: leaving the loop early ends the work behind them. A stream can be walked once.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk/sync'
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const stream = session.query(DataSet.of('test', 'users').id('alice')).execute()
 * for (const row of stream) console.log(row.ok ? row.record?.bins : row.error.message)
 * ```
 */
export class RecordStream<B = Bins> implements Iterable<Row<B>>, Disposable {
  #rows: readonly Row<B>[]
  /** The row that comes next. */
  #at = 0
  #source: RowSource<B> | undefined

  private constructor(rows: readonly Row<B>[], source: RowSource<B> | undefined) {
    this.#rows = rows
    this.#source = source
  }

  /** A stream of rows that are already here. */
  static of<B>(...rows: Row<B>[]): RecordStream<B> {
    return new RecordStream(rows, undefined)
  }

  /** A stream of these rows, which it does not copy. */
  static over<B>(rows: readonly Row<B>[]): RecordStream<B> {
    return new RecordStream(rows, undefined)
  }

  /** A stream that pulls from `source`. */
  static from<B>(source: RowSource<B>): RecordStream<B> {
    return new RecordStream<B>([], source)
  }

  #next(): Row<B> | undefined {
    const row = this.#rows[this.#at]
    if (row !== undefined) this.#at++
    if (row !== undefined || this.#source === undefined) return row
    const pulled = this.#source.next()
    if (pulled === undefined) this.close()
    return pulled
  }

  /** The rows one by one; leaving the loop closes the stream. */
  *[Symbol.iterator](): Generator<Row<B>, void, void> {
    try {
      for (let row = this.#next(); row !== undefined; row = this.#next()) yield row
    } finally {
      this.close()
    }
  }

  /** The records one by one; a row with an error throws it, a row without a record is passed over. */
  *records(): Generator<Record<B>, void, void> {
    for (const row of this) {
      const { record } = row.orThrow()
      if (record !== undefined) yield record
    }
  }

  /** The first row, or `undefined` when there is none. Closes the stream. */
  first(): Row<B> | undefined {
    try {
      return this.#next()
    } finally {
      this.close()
    }
  }

  /** The first row that succeeded. @throws its error, or RecordNotFoundError when there is no row. Closes the stream. */
  firstOrThrow(): Extract<Row<B>, { ok: true }> {
    const row = this.first()
    if (row === undefined)
      throw new RecordNotFoundError(
        'the stream is empty: no record was found',
        RESULT_CODE.KEY_NOT_FOUND_ERROR,
      )
    return row.orThrow()
  }

  /** All rows. */
  toArray(): Row<B>[] {
    return [...this]
  }

  /** Another name of {@link toArray}. */
  collect(): Row<B>[] {
    return this.toArray()
  }

  /** All rows that failed. */
  failures(): Extract<Row<B>, { ok: false }>[] {
    const rows: Extract<Row<B>, { ok: false }>[] = []
    for (const row of this) if (!row.ok) rows.push(row)
    return rows
  }

  /** Ends the work behind the rows. May be called at any time, and again. */
  close(): void {
    const source = this.#source
    this.#source = undefined
    this.#rows = []
    source?.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
