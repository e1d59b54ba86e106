import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DEFAULT_VALUE_OPTIONS } from '../value/value-options.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { AggregationReply, isLastAggregationFrame } from './aggregation-reply.ts'

const HEADER = '16 00 00 00 00 00 00000000 00000000 00000000 0000 0001'
const SUCCESS = '07 53554343455353'
const FAILURE = '07 4641494c555245'
const SEVEN = `${HEADER} | 00000013 01 01 00 ${SUCCESS} 0000000000000007`
const NIL = `${HEADER} | 0000000b 01 00 00 ${SUCCESS}`
const FAILED = `${HEADER} | 0000000f 01 03 00 ${FAILURE} 626f6f6d`
const END = '16 00 00 01 00 00 00000000 00000000 00000000 0000 0000'
const REFUSED = '16 00 00 00 00 10 00000000 00000000 00000000 0000 0000'

const reader = (text: string): ByteReader => ByteReader.over(hex(text))

describe('AggregationReply', () => {
  it('walks over values, nil among them, to the end', () => {
    const reply = new AggregationReply()
    reply.begin(reader(`${SEVEN} | ${NIL} | ${SEVEN} | ${END}`))
    expect(reply.next()).toBe(true)
    expect(reply.value(DEFAULT_VALUE_OPTIONS)).toBe(7)
    expect(reply.next()).toBe(true)
    expect(reply.value(DEFAULT_VALUE_OPTIONS)).toBe(null)
    expect(reply.next()).toBe(true)
    expect(reply.particle()).toEqual({ type: 1, bytes: hex('0000000000000007') })
    expect(reply.next()).toBe(true)
    expect(reply).toMatchObject({ isEnd: true, isFailure: false, resultCode: 0 })
    expect(reply.next()).toBe(false)
  })

  it('tells why a function failed, and that a query was refused', () => {
    const reply = new AggregationReply()
    reply.begin(reader(FAILED))
    expect(reply.next()).toBe(true)
    expect(reply).toMatchObject({ isEnd: false, isFailure: true })
    expect(reply.failure()).toBe('boom')
    reply.begin(reader(REFUSED))
    expect(reply.next()).toBe(true)
    expect(reply).toMatchObject({ isEnd: true, resultCode: 16 })
  })

  it('refuses what is no message of an aggregation', () => {
    const reply = new AggregationReply()
    reply.begin(reader('16 00 00 00 00 00 00000000 00000000 00000000 0000 0000'))
    expect(() => reply.next()).toThrow(/0 operations/)
    reply.begin(reader(`${HEADER} | 0000000d 01 01 00 01 61 0000000000000007`))
    expect(() => reply.next()).toThrow(/a bin 'a'/)
    reply.begin(reader(SEVEN.slice(0, -2)))
    expect(() => reply.next()).toThrow()
  })
})

describe('isLastAggregationFrame()', () => {
  it('looks for the end without moving', () => {
    for (const [text, isLast] of [
      [SEVEN, false],
      [FAILED, false],
      [END, true],
      [REFUSED, true],
      [`${SEVEN} | ${END}`, true],
    ] as const) {
      const body = reader(text)
      expect(isLastAggregationFrame(body)).toBe(isLast)
      expect(body.position).toBe(0)
    }
  })
})
