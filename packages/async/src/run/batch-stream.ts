import { RESULT_CODE } from '@aero/codec'
import { BatchError, resultMessage } from '../errors.ts'
import type { ExecuteOptions } from '../plan/runner.ts'
import { RecordStream, type RowSource } from '../result/record-stream.ts'
import type { Row } from '../result/row.ts'
import { isOutcome, isShown } from './outcome.ts'
import type { BatchCommand } from './run-batch.ts'

type ErrorStrategy = NonNullable<ExecuteOptions['onError']>

/** What happens to a row: it is in the stream, left out, or an error that the caller wants thrown. */
type Fate = 'show' | 'leave out' | 'throw'

function fateOf<B>(command: BatchCommand<B>, row: Row<B>, onError: ErrorStrategy): Fate {
  if (row.ok) return 'show'
  const plan = command.segments[row.index]?.plan
  if (plan !== undefined && isOutcome(plan, row.code)) return isShown(plan, row.code) ? 'show' : 'leave out'
  if (typeof onError !== 'function') return onError === 'throw' ? 'throw' : 'show'
  onError(row.key, row.index, row.error)
  return 'leave out'
}

/** The rows in the order of the keys, when all of them are there. Rejects with a BatchError where errors are to be thrown. */
export async function streamInOrder<B>(
  command: BatchCommand<B>,
  onError: ErrorStrategy,
  signal: AbortSignal | undefined,
): Promise<RecordStream<B>> {
  await command.start(signal)
  return RecordStream.over(rowsInOrder(command, onError))
}

/** The rows of a batch that has ended, in the order of the keys. @throws BatchError where errors are to be thrown. */
export function rowsInOrder<B>(command: BatchCommand<B>, onError: ErrorStrategy): readonly Row<B>[] {
  const rows = command.rows as Row<B>[]
  let shown: Row<B>[] | undefined
  const failed: Row<B>[] = []
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as Row<B>
    const fate = row.ok ? 'show' : fateOf(command, row, onError)
    if (fate === 'throw') failed.push(row)
    // Copied only from the first row on that is left out.
    if (fate === 'show') shown?.push(row)
    else shown ??= rows.slice(0, at)
  }
  if (failed.length > 0) throw batchError(rows, failed)
  return shown ?? rows
}

function batchError<B>(rows: readonly Row<B>[], failed: readonly Row<B>[]): BatchError {
  const errors = failed.flatMap((row) => (row.ok ? [] : [row.error]))
  const [first] = errors
  return new BatchError(
    resultMessage(
      RESULT_CODE.BATCH_FAILED,
      `${failed.length} of ${rows.length} rows, the first: ${first?.message}`,
    ),
    RESULT_CODE.BATCH_FAILED,
    { cause: first, inDoubt: errors.some(({ inDoubt }) => inDoubt) },
    rows,
  )
}

/** The rows as they arrive. The stream is there at once; leaving it ends what is still under way. */
export function streamAsTheyArrive<B>(
  command: BatchCommand<B>,
  onError: ErrorStrategy,
  signal: AbortSignal | undefined,
): Promise<RecordStream<B>> {
  return Promise.resolve(RecordStream.from(new ArrivingRows(command, onError, signal)))
}

/** The rows of a batch as they arrive. It begins at once. */
export class ArrivingRows<B> implements RowSource<B> {
  readonly #command: BatchCommand<B>
  readonly #onError: ErrorStrategy
  /** Rows that nobody has taken yet: never more than the batch has. */
  readonly #rows: Row<B>[] = []
  #at = 0
  #done = false
  #closed = false
  #wake: (() => void) | undefined = undefined

  constructor(command: BatchCommand<B>, onError: ErrorStrategy, signal: AbortSignal | undefined) {
    this.#command = command
    this.#onError = onError
    command.begin(
      () => {
        this.#done = true
        this.#notify()
      },
      signal,
      (row) => {
        if (this.#closed) return
        this.#rows.push(row)
        this.#notify()
      },
    )
  }

  /** Nothing more will arrive; what {@link take} still gives is the rest. */
  get isDone(): boolean {
    return this.#done || this.#closed
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** The next row that is there; `undefined` when there is none at the moment. @throws its error where errors are to be thrown. */
  take(): Row<B> | undefined {
    for (;;) {
      const row = this.#rows[this.#at]
      if (row === undefined) return undefined
      this.#at++
      const fate = fateOf(this.#command, row, this.#onError)
      if (fate === 'show') return row
      if (fate === 'throw') row.orThrow()
    }
  }

  /** Calls `wake` when {@link take} should be tried again. */
  arrival(wake: () => void): void {
    if (this.#at < this.#rows.length || this.isDone) wake()
    else this.#wake = wake
  }

  async next(): Promise<Row<B> | undefined> {
    for (;;) {
      const row = this.take()
      if (row !== undefined || this.isDone) return row
      await new Promise<void>((resolve) => this.arrival(resolve))
    }
  }

  close(): void {
    this.#closed = true
    if (!this.#done) this.#command.aborted()
    this.#notify()
  }
}
