import type { ByteWriter } from '@aero/codec'

/** An answer too long to be written at once: the connection asks for the next piece when the client has read the last. */
export interface PendingAnswer {
  /** Writes the next piece. Returns whether more is to come. */
  writeNext(out: ByteWriter): boolean
  /** Nobody is there any more to read it. */
  abandon(): void
}
