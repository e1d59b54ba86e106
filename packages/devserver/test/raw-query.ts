import { type Message, message } from './message-bytes.ts'
import type { RawClient } from './raw-client.ts'

const FIELD = { digest: 4, binValues: 15 } as const

/** A record of a query's answer, in hexadecimal. */
export interface FoundRecord {
  readonly digest: string
  /** Where it stands in the index, as it was sent; empty in scans. */
  readonly value: string
}

/** The records of an answer, in order. Rejects with the result code of a refusal. */
export async function queryRecords(client: RawClient, request: Message): Promise<FoundRecord[]> {
  client.send(message({ info1: 3, info3: 4, digest: null, ...request }))
  const found: FoundRecord[] = []
  for (;;) {
    const frame = await client.frame()
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
    for (let position = 8; position < frame.length; ) {
      const header = position
      if (view.getUint8(header + 5) !== 0) throw new Error(`refused with ${view.getUint8(header + 5)}`)
      if (view.getUint8(header + 3) === 1) return found
      position += 22
      const fields = new Map<number, string>()
      for (let left = view.getUint16(header + 18); left > 0; left--) {
        const end = position + 4 + view.getUint32(position)
        fields.set(
          view.getUint8(position + 4),
          Buffer.from(frame.subarray(position + 5, end)).toString('hex'),
        )
        position = end
      }
      found.push({ digest: fields.get(FIELD.digest) ?? '', value: fields.get(FIELD.binValues) ?? '' })
      for (let left = view.getUint16(header + 20); left > 0; left--) position += 4 + view.getUint32(position)
    }
  }
}
