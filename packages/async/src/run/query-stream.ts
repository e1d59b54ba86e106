import type { QueryCursor } from '../plan/query-cursor.ts'
import type { ExecuteOptions } from '../plan/runner.ts'
import type { RowSource } from '../result/record-stream.ts'
import type { Row } from '../result/row.ts'
import { cursorOf } from './query-resume.ts'
import type { QueryCommand } from './run-query.ts'

/** The rows of a query for a stream: in chunks, with errors as the caller wants them, and with cursors. */
export class QueryRows<B> implements RowSource<B> {
  readonly #command: QueryCommand<B>
  readonly #onError: NonNullable<ExecuteOptions['onError']>
  /** Records of the limit that belong to later chunks. */
  #left: number

  /** @param left records wanted beyond those of the first chunk; Infinity for all there are */
  constructor(command: QueryCommand<B>, onError: NonNullable<ExecuteOptions['onError']>, left: number) {
    this.#command = command
    this.#onError = onError
    this.#left = left
  }

  /** The next row that is here. @throws AerospikeError */
  take(): Row<B> | undefined {
    for (;;) {
      const row = this.#command.take()
      if (row === undefined || row.ok || this.#isShown(row)) return row
    }
  }

  /** What {@link take} does not give now will not come: in this chunk, if there are several. */
  get isDone(): boolean {
    return this.#command.isOver
  }

  /** Calls `wake` when {@link take} should be tried again. */
  arrival(wake: () => void): void {
    this.#command.arrival(wake)
  }

  next(): Row<B> | undefined | Promise<Row<B> | undefined> {
    const row = this.take()
    return row !== undefined || this.isDone ? row : this.#nextArriving()
  }

  async #nextArriving(): Promise<Row<B> | undefined> {
    for (;;) {
      await new Promise<void>((resolve) => this.arrival(resolve))
      const row = this.take()
      if (row !== undefined || this.isDone) return row
    }
  }

  #isShown(row: Extract<Row<B>, { ok: false }>): boolean {
    if (this.#onError === 'throw') throw row.error
    if (this.#onError === 'inStream') return true
    this.#onError(row.key, row.index, row.error)
    return false
  }

  get isBetweenChunks(): boolean {
    const { tracker, question } = this.#command
    return (
      question.plan.chunkSize !== undefined && tracker.wanted <= 0 && this.#left > 0 && !tracker.isComplete
    )
  }

  nextChunk(): void {
    const { chunkSize = 0 } = this.#command.question.plan
    const wanted = Math.min(chunkSize, this.#left)
    this.#left -= wanted
    this.#command.more(wanted)
  }

  cursor(): QueryCursor {
    return cursorOf(this.#command, this.#left)
  }

  close(): void {
    this.#command.close()
  }
}
