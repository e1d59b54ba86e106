import { type Bins, RESULT_CODE, type Record } from '@aero/codec'
import { RecordNotFoundError } from '../errors.ts'
import type { Row } from './row.ts'

/** Where a stream's rows come from, pulled one at a time: the next row, or `undefined` at the end. */
export interface RowSource<B> {
  next(): Row<B> | undefined | Promise<Row<B> | undefined>
  /** Ends the work behind the rows; called once, also after the last row. */
  close(): void | Promise<void>
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

  async #next(): Promise<Row<B> | undefined> {
    const row = this.#rows[this.#at]
    if (row !== undefined) this.#at++
    if (row !== undefined || this.#source === undefined) return row
    const pulled = await this.#source.next()
    if (pulled === undefined) await this.close()
    return pulled
  }

  /** The rows one by one; leaving the loop closes the stream. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Row<B>, void, void> {
    try {
      // Rows that are here already cost no promise of their own.
      while (this.#at < this.#rows.length) yield this.#rows[this.#at++] as Row<B>
      for (let row = await this.#next(); row !== undefined; row = await this.#next()) yield row
    } finally {
      await this.close()
    }
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

  /** All rows. */
  async toArray(): Promise<Row<B>[]> {
    const rows = this.#rows.slice(this.#at)
    this.#at = this.#rows.length
    if (this.#source === undefined) return rows
    for await (const row of this) rows.push(row)
    return rows
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
    this.#source = undefined
    this.#rows = []
    await source?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
