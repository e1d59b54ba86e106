import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { hex, loadVectors, toHex, type Vector, withoutVolatile } from '@aero/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeRecordReply, encodeRecordReply, replyResultCode } from '../src/command/record-reply.ts'
import { decodeRecordRequest, encodeRecordRequest } from '../src/command/record-request.ts'
import { EncodeError } from '../src/errors.ts'
import { FrameDecoder } from '../src/frame/frame-decoder.ts'
import { FRAME_TYPE } from '../src/frame/frame-type.ts'
import { BinNames } from '../src/message/bin-names.ts'
import { SERVER_EPOCH_SECONDS } from '../src/message/record.ts'
import { RESULT_CODES } from '../src/message/result-code.ts'
import { Key } from '../src/value/key.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import type { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'
import { parseCaptured } from './vectors/captured-message.ts'
import { EXCEPTIONS, type Exception } from './vectors/exceptions.ts'
import { member, type Notation, officialView, resultOf, valueFrom } from './vectors/notation.ts'
import { requestOf } from './vectors/official-calls.ts'

const GROUPS = ['keys', 'values', 'single', 'errors', 'operate', 'lists', 'maps', 'bitwise', 'hll']
const counts = new Map<string, { [what: string]: number }>()

function count(group: string, what: string): void {
  const row = counts.get(group) ?? {}
  counts.set(group, row)
  row[what] = (row[what] ?? 0) + 1
}

afterAll(() => {
  for (const [group, row] of counts) {
    const parts = Object.entries(row).map(([what, times]) => `${what} ${times}`)
    console.log(`vectors ${group}: ${parts.join(', ')}`)
  }
})

function encoded(vector: Vector, requestHex: string | null | undefined, input = vector.input): Uint8Array {
  const out = new ByteWriter(64)
  if (input.call === 'new Key')
    Key.of(...((input.args as Notation[]).map(valueFrom) as [string, string, string]))
  encodeRecordRequest(out, requestOf(input, requestHex == null ? undefined : parseCaptured(hex(requestHex))))
  return out.take()
}

/** The body of the only frame in `bytes`. */
function bodyOf(bytes: Uint8Array): ByteReader {
  const frames = new FrameDecoder()
  frames.push(bytes)
  expect(frames.next()).toBe(true)
  expect(frames.type).toBe(FRAME_TYPE.message)
  return frames.body
}

for (const group of GROUPS) {
  const vectors = loadVectors(group)
  const isExcepted = (name: string) => EXCEPTIONS[`${group}/${name}`] !== undefined
  /** Requests that differ from ours, and so do the same ones where they prepare another recording. */
  const exceptedHex = new Set(
    vectors.filter(({ name }) => isExcepted(name)).map(({ requestHex }) => requestHex),
  )

  describe.skipIf(vectors.length === 0)(`vectors: ${group} (needs AERO_VECTORS)`, () => {
    const encodable = vectors.filter(({ name }) => !isExcepted(name))
    it.each(encodable.map((vector) => [vector.name, vector] as const))(
      '%s encodes as captured',
      (_name, vector) => {
        const captured = hex(vector.requestHex as string)
        const ours = encoded(vector, vector.requestHex)
        expect(toHex(withoutVolatile(ours, vector.volatile?.request))).toBe(
          toHex(withoutVolatile(captured, vector.volatile?.request)),
        )
        count(group, 'requests encoded')
      },
    )

    const prepared = vectors.flatMap((vector) =>
      (vector.setup ?? [])
        .filter(
          ({ input, requestHex }) =>
            input.args !== undefined && requestHex !== null && !exceptedHex.has(requestHex),
        )
        .map((step, index) => [`${vector.name} set-up ${index}`, vector, step] as const),
    )
    it.each(prepared)('%s encodes as captured', (_name, vector, step) => {
      expect(toHex(encoded(vector, step.requestHex, step.input))).toBe(step.requestHex)
      count(group, 'set-up requests encoded')
    })

    const excepted = vectors.filter(({ name }) => isExcepted(name))
    it.runIf(excepted.length > 0).each(excepted.map((vector) => [vector.name, vector] as const))(
      '%s differs as the table says',
      (_name, vector) => {
        checkException(group, vector)
      },
    )

    const whole = vectors.filter((vector) => isMessage(vector) && vector.requestTruncated === undefined)
    it.each(whole.map((vector) => [vector.name, vector] as const))(
      '%s: a server reads the request',
      (_name, vector) => {
        const bytes = hex(vector.requestHex as string)
        const { fields, operations, ...header } = parseCaptured(bytes)
        const request = decodeRecordRequest(bodyOf(bytes))
        expect(request.fields).toEqual(fields)
        expect(request.operations).toEqual(operations)
        expect({ ...request, expiration: request.expiration >>> 0 }).toMatchObject({
          info1: header.info1,
          info2: header.info2,
          info3: header.info3,
          info4: header.info4,
          generation: header.generation,
          expiration: header.expiration,
          timeoutMs: header.timeoutMs,
        })
        count(group, 'requests decoded')
      },
    )

    const answered = vectors.filter(
      (vector) => (vector.responseHex?.length ?? 0) > 0 && vector.responseTruncated === undefined,
    )
    it.each(answered.map((vector) => [vector.name, vector] as const))(
      '%s: the reply decodes',
      (_name, vector) => {
        checkReply(group, vector)
      },
    )
    it.each(answered.map((vector) => [vector.name, vector] as const))(
      '%s: a server writes the reply',
      (_name, vector) => {
        const captured = hex(vector.responseHex?.[0] as string)
        const reply = parseCaptured(captured)
        const out = new ByteWriter(16)
        encodeRecordReply(out, reply)
        const ours = out.take()
        // A reply to a write with a time to live carries, by accident of the server, the void time in the timeout's slot too.
        expect(toHex(withoutVolatile(ours, [[22, 4, 'timeout']]))).toBe(
          toHex(withoutVolatile(captured, [[22, 4, 'timeout']])),
        )
        count(group, 'replies encoded')
      },
    )
  })
}

/** Whether one whole message was sent, neither nothing nor a compressed frame. */
function isMessage(vector: Vector): boolean {
  return typeof vector.requestHex === 'string' && hex(vector.requestHex)[1] === FRAME_TYPE.message
}

function checkException(group: string, vector: Vector): void {
  const exception = EXCEPTIONS[`${group}/${vector.name}`] as Exception
  const request = () => encoded(vector, isMessage(vector) ? vector.requestHex : undefined)
  count(group, `requests ${exception.ours}`)
  switch (exception.ours) {
    case 'refused':
      expect(request).toThrow(EncodeError)
      break
    case 'sent':
      expect(toHex(request())).toContain(exception.endsWith)
      break
    case 'compressed': {
      const captured = Buffer.from(hex(vector.requestHex as string))
      expect(captured[1]).toBe(FRAME_TYPE.compressed)
      const inflated = inflateSync(captured.subarray(16))
      expect(Number(captured.readBigUInt64BE(8))).toBe(inflated.length)
      expect(inflated.toString('hex')).toBe(toHex(request()))
      break
    }
    case 'truncated': {
      const ours = request()
      expect(ours.length).toBe(vector.requestTruncated?.bytes)
      expect(createHash('sha256').update(ours).digest('hex')).toBe(vector.requestTruncated?.sha256)
      break
    }
    case 'later':
      expect(exception.reason).not.toBe('')
  }
}

function checkReply(group: string, vector: Vector): void {
  const bytes = hex(vector.responseHex?.[0] as string)
  const body = bodyOf(bytes)
  const code = replyResultCode(body)
  expect(code).toBe(vector.resultCode)
  expect(RESULT_CODES.map((row) => row.code)).toContain(code)
  if (code !== 0) {
    count(group, 'error replies decoded')
    return
  }
  const voidTime = parseCaptured(bytes).expiration
  const expected = member(vector.result, '$record')
  const ttl = (member(expected, 'ttl') as number | null | undefined) ?? -1
  const { key } = requestOf(vector.input, parseCaptured(hex(vector.requestHex as string)))
  const record = decodeRecordReply(body, key, {
    ...DEFAULT_VALUE_OPTIONS,
    names: new BinNames(),
    // The clock at the time of the capture, as far as it can be told.
    now: () => (voidTime + SERVER_EPOCH_SECONDS - ttl) * 1000,
  })
  count(group, 'records decoded')
  const written = member(vector.result, '$key')
  // A set name that is too long is cut by the official client before it computes the digest.
  if (written !== undefined && vector.name !== 'put_set_64')
    expect(record.key.digestHex).toBe(member(written, 'digest'))
  if (expected === undefined) return
  expect(record.generation).toBe(member(expected, 'gen'))
  expect(record.ttl).toBe(ttl === -1 ? 'never' : ttl)
  const bins = member(expected, 'bins') as { [bin: string]: Notation } | null
  if (vector.name.includes('deserialize_false')) {
    // The option is the official client's own: it hands back the bytes, which are compared instead.
    const payloads = parseCaptured(bytes).operations.map(({ bin, payload }) => [bin, payload])
    expect(Object.fromEntries(payloads)).toEqual(resultOf(bins ?? {}))
    return
  }
  expect(officialView(withoutEarlierResults(record.bins, bytes))).toEqual(resultOf(bins ?? {}))
}

/** The official client keeps the last of several results for a bin, and shows nil as `null`. */
function withoutEarlierResults(bins: { [bin: string]: unknown }, bytes: Uint8Array): never {
  const names = parseCaptured(bytes).operations.map(({ bin }) => bin)
  const entries = [...new Set(names)].map((name) => {
    const several = names.indexOf(name) !== names.lastIndexOf(name)
    return [name, (several ? (bins[name] as unknown[]).at(-1) : bins[name]) ?? null]
  })
  expect(Object.keys(bins).every((name) => names.includes(name))).toBe(true)
  return Object.fromEntries(entries.map(([name, value]) => [name, flat(name, value, bytes)])) as never
}

/** The official client makes a flat list of keys and values that were selected in an order of their own. */
function flat(name: unknown, value: unknown, bytes: Uint8Array): unknown {
  const last = parseCaptured(bytes).operations.findLast(({ bin }) => bin === name)
  const isSelected = last !== undefined && toHex(last.payload).startsWith('c70008', 2)
  if (!isSelected) return value
  expect(value).toBeInstanceOf(Map)
  return [...(value as Map<unknown, unknown>)].flat()
}
