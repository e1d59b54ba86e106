import type { ByteWriter } from '@aero/codec'
import { writeReplyBin } from '../reply.ts'
import type { StoredBin } from '../store/stored-record.ts'

const NO_BYTES = new Uint8Array(0)

/** What the operations of one command yielded, in order. Reused from command to command. */
export class OperationResults {
  readonly #types: number[] = []
  readonly #bins: StoredBin[] = []
  count = 0

  clear(): void {
    this.count = 0
  }

  add(operationType: number, bin: StoredBin): void {
    this.#types[this.count] = operationType
    this.#bins[this.count] = bin
    this.count++
  }

  /** A slot for an operation that yielded nothing, which the command wants to see all the same. */
  addEmpty(operationType: number, name: Uint8Array): void {
    this.add(operationType, { name, type: 0, particle: NO_BYTES })
  }

  write(out: ByteWriter): void {
    for (let index = 0; index < this.count; index++) {
      writeReplyBin(out, this.#types[index] as number, this.#bins[index] as StoredBin)
    }
  }
}
