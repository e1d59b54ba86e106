import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { BinNames } from '../message/bin-names.ts'
import { DEFAULT_VALUE_OPTIONS } from '../value/value-options.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { isLastQueryFrame, QueryReply } from './query-reply.ts'

const OPTIONS = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => 0 }
const DIGEST = '0ae66518e8b10862ffb9c9592cdae50a46d8a16d'
const FIELDS = `00000005 00 74657374 | 00000015 04 ${DIGEST} | 00000002 01 73`
const END = '16 00 00 01 00 00 00000000 00000000 00000000 0000 0000'

/** A record with one blob. */
function record(blob: string): string {
  const size = (hex(blob).length + 5).toString(16).padStart(8, '0')
  return `16 00 00 00 00 00 00000001 00000000 00000000 0003 0001 | ${FIELDS} | ${size} 01 04 00 01 62 ${blob}`
}

const reader = (text: string): ByteReader => ByteReader.over(hex(text))

describe('QueryReply', () => {
  it('tells partitions that are not served from records and from the end', () => {
    const reply = new QueryReply()
    reply.begin(reader(`16 00 00 04 00 0b 00000123 00000000 00000000 0000 0000 | ${record('01')} | ${END}`))
    expect(reply.next()).toBe(true)
    expect(reply).toMatchObject({ isPartition: true, isEnd: false, partition: 0x123, resultCode: 11 })
    expect(reply.next()).toBe(true)
    expect(reply).toMatchObject({ isPartition: false, isEnd: false, partition: 0x60a })
    expect(reply.record('test', OPTIONS)).toMatchObject({
      key: { namespace: 'test', setName: 's', value: undefined, digestHex: DIGEST },
      bins: { b: Uint8Array.of(1) },
      generation: 1,
      ttl: 'never',
    })
    expect(reply.next()).toBe(true)
    expect(reply).toMatchObject({ isPartition: false, isEnd: true, resultCode: 0 })
    expect(reply.next()).toBe(false)
  })

  it('takes a refusal for the end', () => {
    const reply = new QueryReply()
    reply.begin(reader('16 00 00 00 00 c9 00000000 00000000 00000000 0000 0000'))
    expect(reply.next()).toBe(true)
    expect(reply).toMatchObject({ isEnd: true, resultCode: 201 })
  })

  it('goes on behind a record whose value is not to be had', () => {
    const reply = new QueryReply()
    const big = `16 00 00 00 00 00 00000001 00000000 00000000 0003 0001 | ${FIELDS}
      0000000d 01 01 00 01 6e 7fffffffffffffff`
    reply.begin(reader(`${big} | ${record('02')}`))
    expect(reply.next()).toBe(true)
    expect(() => reply.record('test', { ...OPTIONS, integers: 'number' })).toThrow(/not safe/)
    reply.skip()
    expect(reply.next()).toBe(true)
    expect(reply.record('test', OPTIONS).bins).toEqual({ b: Uint8Array.of(2) })
  })

  it('refuses records without a digest, and partitions that there are not', () => {
    const reply = new QueryReply()
    reply.begin(reader('16 00 00 00 00 00 00000001 00000000 00000000 0000 0000'))
    expect(() => reply.next()).toThrow(/without its digest/)
    reply.begin(reader('16 00 00 04 00 0b 00001000 00000000 00000000 0000 0000'))
    expect(() => reply.next()).toThrow(/partition 4096/)
  })
})

describe('isLastQueryFrame', () => {
  it('sees the end alone, and behind records', () => {
    expect(isLastQueryFrame(reader(END))).toBe(true)
    expect(isLastQueryFrame(reader(`${record('01')} | ${END}`))).toBe(true)
    expect(isLastQueryFrame(reader(record('01')))).toBe(false)
  })

  it("is not taken in by a record's value that looks like one", () => {
    const body = reader(record(END))
    expect(isLastQueryFrame(body)).toBe(false)
    expect(body.position).toBe(0)
  })
})
