import { everyPrefix, hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { CodecError, DecodeError, EncodeError } from '../errors.ts'
import { BinNames } from '../message/bin-names.ts'
import { INFO1, INFO2 } from '../message/info-bits.ts'
import { Key } from '../value/key.ts'
import { DEFAULT_VALUE_OPTIONS } from '../value/value-options.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import {
  BatchReply,
  type BatchRequest,
  decodeBatchRequest,
  encodeBatchEnd,
  encodeBatchRequest,
  encodeBatchRows,
  isLastBatchFrame,
} from './batch.ts'
import type { BatchAction } from './batch-row.ts'
import { MalformedRequestError } from './record-request.ts'

const OPTIONS = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => 0 }
const HEADER_BYTES = 8

function action(parts: Partial<BatchAction>): BatchAction {
  return {
    info1: 0,
    info2: 0,
    info3: 0,
    info4: 0,
    generation: 0,
    expiration: 0,
    sendKey: false,
    filter: undefined,
    operations: undefined,
    binNames: undefined,
    bins: undefined,
    ...parts,
  }
}

const key = (value: number, set = 's', namespace = 'n'): Key => Key.of(namespace, set, value)

function request(rows: readonly [Key, BatchAction][], parts: Partial<BatchRequest> = {}): BatchRequest {
  return {
    keys: rows.map(([one]) => one),
    actions: rows.map(([, one]) => one),
    rows: rows.map((_, index) => index),
    count: rows.length,
    flags: 0x0d,
    timeoutMs: 0,
    filter: undefined,
    ...parts,
  }
}

function encoded(batch: BatchRequest): Uint8Array {
  const out = new ByteWriter(16)
  encodeBatchRequest(out, batch)
  return out.take()
}

const decoded = (bytes: Uint8Array): ReturnType<typeof decodeBatchRequest> =>
  decodeBatchRequest(ByteReader.over(bytes, HEADER_BYTES))

const READ = action({ info1: INFO1.read | INFO1.getAll })
const WRITE = action({ info2: INFO2.write, generation: 7, expiration: -1, bins: { a: 1 } })

describe('a batch request', () => {
  it.each([
    [
      'the same action and set',
      [
        [key(1), READ],
        [key(2), READ],
      ],
      [false, true],
    ],
    [
      'an action that is only alike',
      [
        [key(1), READ],
        [key(2), { ...READ }],
      ],
      [false, false],
    ],
    [
      'another set',
      [
        [key(1), READ],
        [key(2, 't'), READ],
        [key(3, 't'), READ],
      ],
      [false, false, true],
    ],
    [
      'another namespace',
      [
        [key(1), READ],
        [key(2, 's', 'm'), READ],
      ],
      [false, false],
    ],
    [
      'written bins',
      [
        [key(1), WRITE],
        [key(2), WRITE],
      ],
      [false, true],
    ],
    [
      'keys that are sent',
      [
        [key(1), action({ sendKey: true })],
        [key(2), action({ sendKey: true })],
      ],
      [false, false],
    ],
  ] as const)('repeats a row for %s', (_what, rows, repeated) => {
    const { rows: read } = decoded(encoded(request(rows as never)))
    expect(read.map(({ isRepeat }) => isRepeat)).toEqual(repeated)
    expect(read.map(({ digest }) => toHex(digest))).toEqual(rows.map(([one]) => one.digestHex))
  })

  it('does not repeat a row whose user key was sent', () => {
    const sending = action({ info2: INFO2.write, sendKey: true, bins: { a: 1 } })
    const { rows } = decoded(
      encoded(
        request([
          [key(1), sending],
          [key(2), sending],
        ]),
      ),
    )
    expect(rows.map(({ isRepeat }) => isRepeat)).toEqual([false, false])
    expect(rows.map(({ fields }) => fields.at(-1)?.payload.at(-1))).toEqual([1, 2])
  })

  it('carries only the rows chosen, under their own numbers', () => {
    const rows = [1, 2, 3, 4].map((value) => [key(value), READ] as [Key, BatchAction])
    const { rows: read } = decoded(encoded({ ...request(rows), rows: Uint32Array.of(3, 1, 99), count: 2 }))
    expect(read.map(({ index }) => index)).toEqual([3, 1])
    expect(toHex(read[0]?.digest ?? new Uint8Array())).toBe(key(4).digestHex)
  })

  it('tells generation, expiration, info4 and filters', () => {
    const row = { ...WRITE, info3: 8, info4: 16, filter: hex('c3') }
    const batch = decoded(encoded(request([[key(1), row]], { filter: hex('c2'), timeoutMs: 250, flags: 9 })))
    expect(batch).toMatchObject({ filter: hex('c2'), timeoutMs: 250, flags: 9 })
    expect(batch.rows[0]).toMatchObject({
      info2: INFO2.write,
      info3: 8,
      info4: 16,
      generation: 7,
      expiration: 0xffffffff,
    })
    expect(batch.rows[0]?.fields.at(-1)).toEqual({ type: 43, payload: hex('c3') })
  })

  it.each([
    ['bins.a', () => request([[key(1), action({ bins: { a: Number.NaN, b: 2 ** 60 } })]]), 'b'],
    ['a set of 64 bytes', () => request([[key(1, 'x'.repeat(64)), READ]]), 'set'],
    ['no namespace', () => request([[{ ...key(1), namespace: '' } as Key, READ]]), 'namespace'],
  ])('refuses %s', (_what, make, path) => {
    expect(() => encoded(make())).toThrow(expect.objectContaining({ path }))
    expect(() => encoded(make())).toThrow(EncodeError)
  })

  it.each([
    ['no rows', '00000000 0d'],
    ['a repetition first', `00000001 0d 00000000 ${'00'.repeat(20)} 01`],
    ['fewer rows than it says', `00000002 0d 00000000 ${'00'.repeat(20)} 00 03 0000 0000`],
  ])('with %s is malformed', (_what, batch) => {
    const payload = hex(batch)
    const field = Buffer.alloc(5)
    field.writeUInt32BE(payload.length + 1)
    field[4] = 41
    const body = Buffer.concat([hex(`16 08000000 00 00000000 00000000 00000000 0001 0000`), field, payload])
    expect(() => decodeBatchRequest(ByteReader.over(body))).toThrow(MalformedRequestError)
  })

  it('cut anywhere is malformed, nothing else', () => {
    const whole = encoded(
      request([
        [key(1), WRITE],
        [key(2), WRITE],
        [key(3), READ],
      ]),
    ).subarray(HEADER_BYTES)
    for (const cut of everyPrefix(whole))
      expect(() => decodeBatchRequest(ByteReader.over(cut))).toThrow(MalformedRequestError)
  })
})

function answer(): Uint8Array {
  const out = new ByteWriter(16)
  encodeBatchRows(out, [
    {
      index: 5,
      resultCode: 0,
      generation: 2,
      expiration: 0,
      operations: [
        { bin: 'a', value: 1 },
        { bin: 'b', value: 'x' },
      ],
    },
    { index: 0, resultCode: 2, generation: 0, expiration: 0, operations: [] },
    {
      index: 9,
      resultCode: 0,
      generation: 1,
      expiration: 0,
      fields: [{ type: 45, payload: hex('c0') }],
      operations: [{ bin: 'a', value: 2n ** 60n }],
    },
  ])
  return out.take().slice(HEADER_BYTES)
}

/** Walks an answer; a record that cannot be had is `'unreadable'`. */
function walked(body: Uint8Array, options = OPTIONS): unknown[] {
  const reply = new BatchReply()
  const rows: unknown[] = []
  for (reply.begin(ByteReader.over(body)); reply.next(); ) {
    if (reply.resultCode !== 0 || reply.isLast) {
      rows.push([reply.index, reply.resultCode, reply.isLast])
      reply.skip()
      continue
    }
    try {
      rows.push([reply.index, reply.record(key(1), options).bins])
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      reply.skip()
      rows.push([reply.index, 'unreadable'])
    }
  }
  return rows
}

describe('the answer to a batch', () => {
  it('is walked row by row', () => {
    expect(walked(answer())).toEqual([
      [5, { a: 1, b: 'x' }],
      [0, 2, false],
      [9, { a: 2n ** 60n }],
    ])
  })

  it('goes on behind a record that cannot be read', () => {
    expect(walked(answer(), { ...OPTIONS, integers: 'number' } as never)).toEqual([
      [5, { a: 1, b: 'x' }],
      [0, 2, false],
      [9, 'unreadable'],
    ])
  })

  it('cut anywhere but between rows is an error', () => {
    const body = answer()
    let whole = 0
    for (const cut of everyPrefix(body)) {
      try {
        walked(cut)
        whole++
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error
      }
    }
    expect(whole).toBe(3)
  })

  it('ends with a frame that says so', () => {
    const out = new ByteWriter(16)
    encodeBatchEnd(out, 4)
    const end = out.take().slice(HEADER_BYTES)
    expect(walked(end)).toEqual([[0, 4, true]])
    expect(isLastBatchFrame(ByteReader.over(end))).toBe(true)
    expect(isLastBatchFrame(ByteReader.over(answer()))).toBe(false)
    expect(isLastBatchFrame(ByteReader.over(Uint8Array.of(...answer(), ...end)))).toBe(true)
  })

  it('does not end with a value that looks like its end', () => {
    const end = new ByteWriter(16)
    encodeBatchEnd(end, 0)
    const value = end.take().slice(HEADER_BYTES)
    const out = new ByteWriter(16)
    encodeBatchRows(out, [
      { index: 0, resultCode: 0, generation: 1, expiration: 0, operations: [{ bin: 'a', value }] },
    ])
    const body = out.take().slice(HEADER_BYTES)
    expect([...body.slice(-value.length)]).toEqual([...value])
    expect(isLastBatchFrame(ByteReader.over(body))).toBe(false)
  })
})
