import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import {
  BinNames,
  ByteReader,
  ByteWriter,
  DEFAULT_VALUE_OPTIONS,
  decodeRecordReply,
  encodeRecordReply,
  Key,
} from '../src/index.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const RECORDS = 5000
/** What an engine adds to a text: an object for the piece, one for the whole, a place in an array. */
const OVERHEAD_BYTES = 100

function usedBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

it.each([
  // As promised by the guides and decision 14: ten times its length among texts that are as long, 1 KiB at most.
  [30, 300],
  [100, 1000],
  [115, 1024],
])('a text of %d bytes that is kept keeps %d bytes alive at most, not the record', (length, most) => {
  const out = new ByteWriter()
  const operations = Array.from({ length: 40 }, (_, index) => ({
    bin: `bin${index}`,
    value: 'x'.repeat(length),
  }))
  encodeRecordReply(out, { resultCode: 0, generation: 1, expiration: 0, operations })
  const frame = out.take()
  const key = Key.of('test', 'users', 1)
  const options = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => 0 }
  const kept = new Array<unknown>(RECORDS).fill(undefined)
  const keep = (): void => {
    for (let index = 0; index < RECORDS; index++) {
      const body = ByteReader.over(frame)
      body.position = 8
      kept[index] = decodeRecordReply(body, key, options).bins['bin17']
    }
  }
  keep()
  kept.fill(undefined)
  const before = usedBytes()
  keep()
  const bytesEach = (usedBytes() - before) / RECORDS
  expect(kept[RECORDS - 1]).toBe('x'.repeat(length))
  expect(bytesEach).toBeGreaterThan(length)
  expect(bytesEach).toBeLessThan(most + OVERHEAD_BYTES)
})
