import type { Row } from './row.ts'

/** What a walk over rows pulls from: see `RecordStream`. */
export interface RowPull<B> {
  /** The next row, or a promise of it; `undefined` at the end. */
  pull(): Row<B> | undefined | Promise<Row<B> | undefined>
  /** There are no more rows. */
  finish(): Promise<void>
  /** No more rows are wanted. */
  close(): Promise<void>
}

/**
 * The iterator of a stream's rows. Written out instead of as a generator: a row that is here costs one promise, where a
 * generator takes three.
 */
export class RowWalk<B> implements AsyncGenerator<Row<B>, void, void> {
  readonly #source: RowPull<B>
  #isDone = false
  /** The call under way; calls that come meanwhile wait for it. */
  #running: Promise<IteratorResult<Row<B>, void>> | undefined = undefined

  constructor(source: RowPull<B>) {
    this.#source = source
  }

  next(): Promise<IteratorResult<Row<B>, void>> {
    if (this.#running !== undefined) return this.#later(() => this.next())
    if (this.#isDone) return Promise.resolve({ done: true, value: undefined })
    let row: Row<B> | undefined | Promise<Row<B> | undefined>
    try {
      row = this.#source.pull()
    } catch (error) {
      return this.#keep(this.#failed(error))
    }
    if (row === undefined) return this.#keep(this.#finished())
    if (row instanceof Promise) return this.#keep(this.#arriving(row))
    return Promise.resolve({ done: false, value: row })
  }

  /** The loop is left early: the stream is closed. */
  return(): Promise<IteratorResult<Row<B>, void>> {
    if (this.#running !== undefined) return this.#later(() => this.return())
    return this.#keep(this.#left())
  }

  async throw(error: unknown): Promise<IteratorResult<Row<B>, void>> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  async #arriving(promised: Promise<Row<B> | undefined>): Promise<IteratorResult<Row<B>, void>> {
    let row: Row<B> | undefined
    try {
      row = await promised
    } catch (error) {
      return this.#failed(error)
    }
    return row === undefined ? this.#finished() : { done: false, value: row }
  }

  async #finished(): Promise<IteratorResult<Row<B>, void>> {
    this.#isDone = true
    await this.#source.finish()
    return { done: true, value: undefined }
  }

  async #left(): Promise<IteratorResult<Row<B>, void>> {
    if (!this.#isDone) await this.#source.close()
    this.#isDone = true
    return { done: true, value: undefined }
  }

  async #failed(error: unknown): Promise<never> {
    this.#isDone = true
    await this.#source.close()
    throw error
  }

  #keep(running: Promise<IteratorResult<Row<B>, void>>): Promise<IteratorResult<Row<B>, void>> {
    this.#running = running
    const ended = (): void => {
      if (this.#running === running) this.#running = undefined
    }
    running.then(ended, ended)
    return running
  }

  async #later(run: () => Promise<IteratorResult<Row<B>, void>>): Promise<IteratorResult<Row<B>, void>> {
    await this.#running?.catch(() => undefined)
    return run()
  }
}
