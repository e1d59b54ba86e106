import { hex, loadVectors, toHex, type Vector } from '@aero/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import {
  BatchReply,
  type BatchReplyRow,
  decodeBatchRequest,
  encodeBatchEnd,
  encodeBatchRequest,
  encodeBatchRows,
} from '../src/command/batch.ts'
import { FrameDecoder } from '../src/frame/frame-decoder.ts'
import { FRAME_TYPE } from '../src/frame/frame-type.ts'
import { BinNames } from '../src/message/bin-names.ts'
import { readField } from '../src/message/fields.ts'
import { INFO1 } from '../src/message/info-bits.ts'
import { MESSAGE_HEADER_BYTES, readMessageHeader } from '../src/message/message-header.ts'
import { readRawOperation } from '../src/message/operations.ts'
import { SERVER_EPOCH_SECONDS } from '../src/message/record.ts'
import { Key } from '../src/value/key.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'
import { BATCH_EXCEPTIONS } from './vectors/batch-exceptions.ts'
import { parseCaptured } from './vectors/captured-message.ts'
import { member, type Notation, officialView, resultOf } from './vectors/notation.ts'
import { batchRequestOf } from './vectors/official-batch.ts'

const KEY = Key.fromDigest('test', 'v_batch', '00'.repeat(20))
const NOW = 1000 * SERVER_EPOCH_SECONDS
const vectors = loadVectors('batch')
const counts: { [what: string]: number } = {}
function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1
}
afterAll(() => {
  console.log(
    `vectors batch: ${Object.entries(counts)
      .map(([what, times]) => `${what} ${times}`)
      .join(', ')}`,
  )
})

/** The only frame of a request, without its header. */
function bodyOf(bytes: Uint8Array): ByteReader {
  const frames = new FrameDecoder()
  frames.push(bytes)
  expect(frames.next()).toBe(true)
  return frames.body
}

function isBatch(vector: Vector): boolean {
  const bytes = typeof vector.requestHex === 'string' ? hex(vector.requestHex) : new Uint8Array(10)
  return bytes[1] === FRAME_TYPE.message && ((bytes[9] as number) & INFO1.batch) !== 0
}

const batches = vectors.filter((vector) => isBatch(vector) && vector.requestTruncated === undefined)

describe.skipIf(vectors.length === 0)('vectors: batch (needs AERO_VECTORS)', () => {
  it('are all batches, except those in the table', () => {
    const others = vectors.filter((vector) => !batches.includes(vector)).map(({ name }) => name)
    const listed = Object.keys(BATCH_EXCEPTIONS).filter((name) => BATCH_EXCEPTIONS[name]?.what === 'no batch')
    expect(others.toSorted()).toEqual(listed.toSorted())
    for (const name of Object.keys(BATCH_EXCEPTIONS))
      expect(vectors.map((vector) => vector.name)).toContain(name)
  })

  it.each(batches.map((vector) => [vector.name, vector] as const))(
    '%s encodes as captured',
    (name, vector) => {
      const bytes = hex(vector.requestHex as string)
      const { rows } = decodeBatchRequest(bodyOf(bytes))
      const exception = BATCH_EXCEPTIONS[name]
      if (exception !== undefined) {
        count(`requests excepted (${exception.what})`)
        return
      }
      const out = new ByteWriter(64)
      encodeBatchRequest(out, batchRequestOf(vector.input, parseCaptured(bytes), rows))
      expect(toHex(out.take())).toBe(vector.requestHex)
      count('requests encoded')
    },
  )

  it.each(batches.map((vector) => [vector.name, vector] as const))(
    '%s: a server reads the rows',
    (_name, vector) => {
      const request = decodeBatchRequest(bodyOf(hex(vector.requestHex as string)))
      request.rows.forEach((row, at) => {
        expect(row.index).toBe(at)
        expect(row.digest).toHaveLength(20)
        expect(row.fields[0]).toMatchObject({ type: 0, payload: Uint8Array.from(Buffer.from('test')) })
      })
      count('requests decoded')
    },
  )

  const answered = batches.filter(
    (vector) => (vector.responseHex?.length ?? 0) > 0 && vector.responseTruncated === undefined,
  )
  it.each(answered.map((vector) => [vector.name, vector] as const))(
    '%s: the rows decode',
    (_name, vector) => {
      checkRows(vector)
    },
  )

  it.each(answered.map((vector) => [vector.name, vector] as const))(
    '%s: a server writes the rows',
    (_name, vector) => {
      for (const frame of vector.responseHex as string[]) {
        const out = new ByteWriter(64)
        const { rows, last } = rowsOf(hex(frame))
        if (last === undefined) encodeBatchRows(out, rows)
        else encodeBatchEnd(out, last)
        expect(toHex(out.take())).toBe(frame)
        count('reply frames encoded')
      }
    },
  )
})

/** The rows of a frame by the parts of the codec that single records use. */
function rowsOf(frame: Uint8Array): { rows: BatchReplyRow[]; last: number | undefined } {
  const body = ByteReader.over(frame, 8)
  const rows: BatchReplyRow[] = []
  while (body.remaining >= MESSAGE_HEADER_BYTES) {
    const header = readMessageHeader(body)
    if (header.info3 !== 0) return { rows, last: header.resultCode }
    const fields = Array.from({ length: header.fieldCount }, () => readField(body))
    const operations = Array.from({ length: header.operationCount }, () => readRawOperation(body))
    rows.push({ ...header, index: header.timeoutMs, fields, operations })
  }
  return { rows, last: undefined }
}

function checkRows(vector: Vector): void {
  const results = Array.isArray(vector.result) ? (vector.result as Notation[]) : undefined
  const request = decodeBatchRequest(bodyOf(hex(vector.requestHex as string)))
  const reply = new BatchReply()
  const frames = new FrameDecoder()
  const answered: number[] = []
  let last: number | undefined
  for (const text of vector.responseHex as string[]) frames.push(hex(text))
  // One frame after the other out of one buffer, as they come from a socket.
  while (frames.next()) {
    reply.begin(frames.body)
    while (reply.next()) {
      expect(last).toBeUndefined()
      if (reply.isLast) {
        last = reply.resultCode
        reply.skip()
        continue
      }
      answered.push(reply.index)
      const result = results?.[reply.index]
      if (result !== undefined) expect(reply.resultCode).toBe(member(result, 'status'))
      if (reply.resultCode !== 0) {
        reply.skip()
        count('error rows decoded')
        continue
      }
      checkRecord(reply, member(member(result, 'record'), '$record'), vector.name)
    }
  }
  expect(last).toBe(vector.name === 'write_respond_all_off' ? 12 : 0)
  expect(answered.toSorted((a, b) => a - b)).toEqual(request.rows.map(({ index }) => index))
  count('answers walked')
}

function checkRecord(reply: BatchReply, expected: Notation | undefined, name: string): void {
  const record = reply.record(KEY, { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => NOW })
  count('records decoded')
  if (expected === undefined) return
  expect(record.generation).toBe(member(expected, 'gen'))
  const bins = member(expected, 'bins') as { [bin: string]: Notation } | null
  if (bins === null || name.includes('deserialize')) return
  const recorded = Object.fromEntries(Object.entries(bins).filter(([, value]) => value !== null))
  const ours = Object.fromEntries(
    Object.entries(record.bins).map(([bin, value]) => [bin, lastOf(value, recorded[bin])]),
  )
  expect(officialView(ours as never)).toEqual(resultOf(recorded))
}

/** The official client keeps the last of several results for one bin. */
function lastOf(value: unknown, recorded: Notation | undefined): unknown {
  return Array.isArray(value) && !Array.isArray(recorded) ? value.at(-1) : value
}
