import { type Bins, type BinValue, RESULT_CODE, type Record } from '@aero/codec'
import { RecordNotFoundError } from '../errors.ts'
import type { QueryCursor } from '../plan/query-cursor.ts'
import { NavigableRecords } from './navigable-records.ts'
import type { Row } from './row.ts'
import { RowWalk } from './row-walk.ts'
import { TopRecords } from './top-records.ts'

/** Where a stream's rows come from, pulled one at a time: the next row, or `undefined` at the end. */
export interface RowSource<B> {
  next(): Row<B> | undefined | Promise<Row<B> | undefined>
  /** Ends the work behind the rows; called once, also after the last row. */
  close(): void | Promise<void>
  /** The rows ended because the chunk did: more may follow. */
  readonly isBetweenChunks?: boolean
  /** Goes on with the next chunk. */
  nextChunk?(): void
  /** Where the rows can be taken up again later. */
  cursor?(): QueryCursor
}

/**
 * Rows, pulled: nothing is fetched that nobody asks for, and leaving the loop early ends the work behind it. A stream can be
 * walked once.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const stream = await session.query(DataSet.of('test', 'users').id('alice')).execute()
 * for await (const row of stream) console.log(row.ok ? row.record?.bins : row.error.message)
 * ```
 */
export class RecordStream<B = Bins> implements AsyncIterable<Row<B>>, AsyncDisposable {
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

  /** The next row without a promise, if it is here. */
  #pull(): Row<B> | undefined | Promise<Row<B> | undefined> {
    const row = this.#rows[this.#at]
    if (row !== undefined) this.#at++
    this.#isBegun = true
    this.#cursorBefore = undefined
    return row === undefined ? this.#source?.next() : row
  }

  async #finish(): Promise<void> {
    if (this.#source?.isBetweenChunks !== true) await this.close()
  }

  async #next(): Promise<Row<B> | undefined> {
    const row = await this.#pull()
    if (row === undefined) await this.#finish()
    return row
  }

  /** The rows one by one; leaving the loop closes the stream. */
  [Symbol.asyncIterator](): AsyncGenerator<Row<B>, void, void> {
    return new RowWalk<B>({
      pull: () => this.#pull(),
      finish: () => this.#finish(),
      close: () => this.close(),
    })
  }

  /**
   * The rows in arrays, as many at a time as are here, `most` (default 1000) at most: the fastest way through many. Leaving the loop
   * closes the stream.
   */
  async *chunks(most = 1000): AsyncGenerator<Row<B>[], void, void> {
    let isDone = false
    try {
      while (!isDone) {
        const rows: Row<B>[] = []
        while (rows.length < most) {
          let row = this.#pull()
          if (row instanceof Promise) {
            if (rows.length > 0) {
              yield rows.splice(0)
            }
            row = await row
          }
          if (row === undefined) {
            isDone = true
            break
          }
          rows.push(row)
        }
        if (rows.length > 0) yield rows
      }
    } finally {
      if (isDone) await this.#finish()
      else await this.close()
    }
  }

  /**
   * For streams in chunks: whether there may be another one, which is then begun. `true` before the first row is taken, as often as it is
   * asked; for streams without chunks never again.
   *
   * @example
   * ```ts
   * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
   * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
   * const session = cluster.createSession(Behavior.DEFAULT)
   * const stream = await session.query(DataSet.of('test', 'users')).chunkSize(100).execute()
   * while (await stream.hasMoreChunks()) {
   *   for await (const row of stream) console.log(row.key.toString())
   *   console.log(JSON.stringify(stream.cursor())) // the query can be taken up from here
   * }
   * ```
   */
  async hasMoreChunks(): Promise<boolean> {
    const source = this.#source
    if (!this.#isBegun || (source !== undefined && this.#at < this.#rows.length)) return true
    if (source?.isBetweenChunks !== true) return false
    const before = source.cursor?.()
    source.nextChunk?.()
    // Whether there is one shows in its first row.
    const row = await this.#next()
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
  async *records(): AsyncGenerator<Record<B>, void, void> {
    for await (const row of this) {
      const { record } = row.orThrow()
      if (record !== undefined) yield record
    }
  }

  /** The first row, or `undefined` when there is none. Closes the stream. */
  async first(): Promise<Row<B> | undefined> {
    try {
      return await this.#next()
    } finally {
      await this.close()
    }
  }

  /** The first row that succeeded. @throws its error, or RecordNotFoundError when there is no row. Closes the stream. */
  async firstOrThrow(): Promise<Extract<Row<B>, { ok: true }>> {
    const row = await this.first()
    if (row === undefined)
      throw new RecordNotFoundError(
        'the stream is empty: no record was found',
        RESULT_CODE.KEY_NOT_FOUND_ERROR,
      )
    return row.orThrow()
  }

  /** What the first function returned that returned something; `undefined` when none did. Closes the stream. @throws a row's error */
  async firstUdfResult(): Promise<BinValue | undefined> {
    for await (const row of this) {
      const { udfResult } = row.orThrow()
      if (udfResult !== undefined) return udfResult
    }
    return undefined
  }

  /** All rows, or those of the chunk. */
  async toArray(): Promise<Row<B>[]> {
    const rows = this.#rows.slice(this.#at)
    this.#at = this.#rows.length
    this.#isBegun = true
    if (this.#source === undefined) return rows
    for await (const chunk of this.chunks()) for (const row of chunk) rows.push(row)
    return rows
  }

  /** How many rows succeed. @throws the first error */
  async count(): Promise<number> {
    let count = 0
    for await (const chunk of this.chunks()) {
      for (const row of chunk) {
        row.orThrow()
        count++
      }
    }
    return count
  }

  /**
   * The first `most` rows in an order, of all that come: only so many are kept. Servers do not sort.
   *
   * @param compare as for `Array.sort`; a row with an error is thrown
   */
  async top(most: number, compare: (one: Record<B>, other: Record<B>) => number): Promise<Record<B>[]> {
    const best = new TopRecords(most, compare)
    for await (const chunk of this.chunks()) {
      for (const row of chunk) {
        const { record } = row.orThrow()
        if (record !== undefined) best.add(record)
      }
    }
    return best.sorted()
  }

  /**
   * Takes all records into memory, to be sorted and paged through.
   *
   * @param most records taken at most; the stream is closed then
   */
  async navigable(most: number = Number.POSITIVE_INFINITY): Promise<NavigableRecords<B>> {
    const records: Record<B>[] = []
    for await (const record of this.records()) {
      records.push(record)
      if (records.length >= most) break
    }
    return new NavigableRecords(records)
  }

  /**
   * The rows as a web stream, pulled as it is read; cancelling it closes this one. For a stream of Node's,
   * `Readable.from(stream)`.
   */
  toReadable(): ReadableStream<Row<B>> {
    const walk = this[Symbol.asyncIterator]()
    return new ReadableStream<Row<B>>(
      {
        async pull(controller): Promise<void> {
          const { done, value } = await walk.next()
          if (done === true) controller.close()
          else controller.enqueue(value)
        },
        async cancel(): Promise<void> {
          await walk.return()
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** Another name of {@link toArray}. */
  collect(): Promise<Row<B>[]> {
    return this.toArray()
  }

  /** All rows that failed. */
  async failures(): Promise<Extract<Row<B>, { ok: false }>[]> {
    const rows: Extract<Row<B>, { ok: false }>[] = []
    for await (const row of this) if (!row.ok) rows.push(row)
    return rows
  }

  /** Ends the work behind the rows. May be called at any time, and again. */
  async close(): Promise<void> {
    const source = this.#source
    this.#closedSource ??= source
    this.#source = undefined
    this.#rows = []
    await source?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
