import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { decodeInfoReply, decodeInfoRequest, encodeInfoReply, encodeInfoRequest } from './info.ts'

function body(text: string): ByteReader {
  return ByteReader.over(new Uint8Array(Buffer.from(text)))
}

describe('info', () => {
  it('writes a request', () => {
    const out = new ByteWriter(8)
    encodeInfoRequest(out, ['node', 'build'])
    expect(toHex(out.written())).toBe(toHex(hex('02 01 00000000000b | 6e6f6465 0a 6275696c64 0a')))
  })

  it('writes a request for the default selection', () => {
    const out = new ByteWriter(8)
    encodeInfoRequest(out, [])
    expect(toHex(out.written())).toBe('0201000000000000')
  })

  it('refuses a line feed, which would be a second request', () => {
    expect(() => encodeInfoRequest(new ByteWriter(8), ['node\ntruncate'])).toThrow(EncodeError)
  })

  it('writes a reply', () => {
    const out = new ByteWriter(8)
    encodeInfoReply(out, [['node', 'A1']])
    expect(toHex(out.written())).toBe(toHex(hex('02 01 000000000008 | 6e6f6465 09 4131 0a')))
  })

  it.each([
    ['', []],
    ['node\n', ['node']],
    ['node\nbuild\n', ['node', 'build']],
    ['node', []],
    ['node\nbuild', ['node']],
    ['\nnode\n\n', ['', 'node', '']],
    ['build\r\n', ['build\r']],
  ])('request body %j', (text, names) => {
    expect(decodeInfoRequest(body(text))).toEqual(names)
  })

  it.each([
    ['', []],
    ['node\tA1\n', [['node', 'A1']]],
    ['node\tA1', [['node', 'A1']]],
    ['x\t\n', [['x', '']]],
    ['x\n', [['x', '']]],
    ['a\tb\tc\n', [['a', 'b\tc']]],
    [
      'a\t1\nb\t2\na\t3\n',
      [
        ['a', '3'],
        ['b', '2'],
      ],
    ],
    ['\tERROR:4:unrecognized command\n', [['', 'ERROR:4:unrecognized command']]],
  ])('reply body %j', (text, entries) => {
    expect([...decodeInfoReply(body(text))]).toEqual(entries)
  })
})
