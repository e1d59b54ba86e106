import {
  type Bins,
  type BinValue,
  NavigableRecords,
  type QueryCursor,
  RESULT_CODE,
  type Record,
  RecordNotFoundError,
  type Row,
} from '@aero/async'
import { TopRecords } from '@aero/async/engine'

/** Where a stream's rows come from: the next row, for which it may be blocked, or `undefined` at the end. */
export interface RowSource<B> {
  next(): Row<B> | undefined
  /** The next row, if it is here already. */
  take?(): Row<B> | undefined
  /** Ends the work behind the rows; called once, also after the last row. */
  close(): void
  /** The rows ended because the chunk did: more may follow. */
  readonly isBetweenChunks?: boolean
  /** Goes on with the next chunk. */
  nextChunk?(): void
  /** Where the rows can be taken up again later. */
  cursor?(): QueryCursor | undefined
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
  #isBegun = false
  /** Where cursors come from when the stream is closed. */
  #closedSource: RowSource<B> | undefined = undefined
  /** The cursor before the row that was fetched to see whether there is one. */
  #cursorBefore: QueryCursor | undefined = undefined

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
    this.#isBegun = true
    this.#cursorBefore = undefined
    if (row !== undefined || this.#source === undefined) return row
    const pulled = this.#source.next()
    if (pulled === undefined) this.#finish()
    return pulled
  }

  #finish(): void {
    if (this.#source?.isBetweenChunks !== true) this.close()
  }

  /** The rows one by one; leaving the loop closes the stream. */
  *[Symbol.iterator](): Generator<Row<B>, void, void> {
    let isDone = false
    try {
      for (let row = this.#next(); row !== undefined; row = this.#next()) yield row
      isDone = true
    } finally {
      if (!isDone) this.close()
    }
  }

  /**
   * The rows in arrays, as many at a time as are here, `most` (default 1000) at most. Leaving the loop closes the stream.
   */
  *chunks(most = 1000): Generator<Row<B>[], void, void> {
    let isDone = false
    try {
      for (let row = this.#next(); row !== undefined; row = this.#next()) {
        const rows = [row]
        while (rows.length < most) {
          const more = this.#rows[this.#at] === undefined ? this.#source?.take?.() : this.#next()
          if (more === undefined) break
          rows.push(more)
        }
        yield rows
      }
      isDone = true
    } finally {
      if (!isDone) this.close()
    }
  }

  /**
   * For streams in chunks: whether there may be another one, which is then begun. `true` before the first row is taken, as often as it is
   * asked; for streams without chunks never again.
   *
   * @example
   * ```ts
   * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk/sync'
   * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
   * const session = cluster.createSession(Behavior.DEFAULT)
   * const stream = session.query(DataSet.of('test', 'users')).chunkSize(100).execute()
   * while (stream.hasMoreChunks()) {
   *   for (const row of stream) console.log(row.key.toString())
   *   console.log(JSON.stringify(stream.cursor())) // the query can be taken up from here
   * }
   * ```
   */
  hasMoreChunks(): boolean {
    const source = this.#source
    if (!this.#isBegun || (source !== undefined && this.#at < this.#rows.length)) return true
    if (source?.isBetweenChunks !== true) return false
    const before = source.cursor?.()
    source.nextChunk?.()
    // Whether there is one shows in its first row.
    const row = this.#next()
    if (row === undefined) return false
    this.#rows = [row]
    this.#at = 0
    this.#cursorBefore = before
    return true
  }

  /**
   * Where the stream stands, to take the query up again behind the last row that was given out: `session.query(…).resume(cursor)`, in
   * this process or another. Plain JSON. `undefined` for streams that are no queries over a set or namespace, or ended by an error.
   */
  cursor(): QueryCursor | undefined {
    return this.#cursorBefore ?? (this.#source ?? this.#closedSource)?.cursor?.()
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

  /** What the first function returned that returned something; `undefined` when none did. Closes the stream. @throws a row's error */
  firstUdfResult(): BinValue | undefined {
    for (const row of this) {
      const { udfResult } = row.orThrow()
      if (udfResult !== undefined) return udfResult
    }
    return undefined
  }

  /** All rows, or those of the chunk. */
  toArray(): Row<B>[] {
    const rows = this.#rows.slice(this.#at)
    this.#at = this.#rows.length
    if (this.#source === undefined) return rows
    for (const row of this) rows.push(row)
    return rows
  }

  /** How many rows succeed. @throws the first error */
  count(): number {
    let count = 0
    for (const row of this) {
      row.orThrow()
      count++
    }
    return count
  }

  /**
   * The first `most` rows in an order, of all that come: only so many are kept. Servers do not sort.
   *
   * @param compare as for `Array.sort`; a row with an error is thrown
   */
  top(most: number, compare: (one: Record<B>, other: Record<B>) => number): Record<B>[] {
    const best = new TopRecords(most, compare)
    for (const record of this.records()) best.add(record)
    return best.sorted()
  }

  /**
   * Takes all records into memory, to be sorted and paged through.
   *
   * @param most records taken at most; the stream is closed then
   */
  navigable(most: number = Number.POSITIVE_INFINITY): NavigableRecords<B> {
    const records: Record<B>[] = []
    for (const record of this.records()) {
      records.push(record)
      if (records.length >= most) break
    }
    return new NavigableRecords(records)
  }

  /** The rows as a web stream, each of which blocks until it is there; cancelling it closes this one. */
  toReadable(): ReadableStream<Row<B>> {
    return new ReadableStream<Row<B>>(
      {
        pull: (controller): void => {
          const row = this.#next()
          if (row === undefined) controller.close()
          else controller.enqueue(row)
        },
        cancel: (): void => this.close(),
      },
      { highWaterMark: 0 },
    )
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
    this.#closedSource ??= source
    this.#source = undefined
    this.#rows = []
    source?.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
