import { everyPrefix, hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, EncodeError } from '../errors.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { decodeAdminRequest } from './admin.ts'
import {
  type AuthenticateRequest,
  decodeLoginReply,
  encodeLoginReply,
  encodeLoginRequest,
  type LoginReply,
  type LoginRequest,
} from './login.ts'

const HEADER = '02 02 0000000000'
const ZEROS = '00'.repeat(12)
const token = Uint8Array.of(0xde, 0xad)

/** By hand, from the layout. */
const REQUESTS: [string, LoginRequest | AuthenticateRequest, string][] = [
  [
    'the hash goes to a server that keeps users',
    { command: 'login', user: 'ann', credential: 'hash' },
    `${HEADER}21 | 00 00 14 02 ${ZEROS} | 00000004 00 616e6e | 00000005 03 68617368`,
  ],
  [
    'the password goes along to one that asks another authority',
    { command: 'login', user: 'ann', credential: 'hash', clearPassword: 'pw' },
    `${HEADER}28 | 00 00 14 03 ${ZEROS} | 00000004 00 616e6e | 00000005 03 68617368 | 00000003 04 7077`,
  ],
  ['a certificate says everything', { command: 'login' }, `${HEADER}10 | 00 00 14 00 ${ZEROS}`],
  [
    'a session is used by its user',
    { command: 'authenticate', user: 'ann', sessionToken: token },
    `${HEADER}1f | 00 00 00 02 ${ZEROS} | 00000004 00 616e6e | 00000003 05 dead`,
  ],
  [
    'a session is used by a certificate',
    { command: 'authenticate', sessionToken: token },
    `${HEADER}17 | 00 00 00 01 ${ZEROS} | 00000003 05 dead`,
  ],
]

const REPLIES: [string, LoginReply, string][] = [
  [
    'a session of a day',
    { resultCode: 0, sessionToken: token, sessionTtl: 86_400 },
    `${HEADER}20 | 00 00 00 02 ${ZEROS} | 00000003 05 dead | 00000005 06 00015180`,
  ],
  [
    'a session without an end',
    { resultCode: 0, sessionToken: token, sessionTtl: undefined },
    `${HEADER}17 | 00 00 00 01 ${ZEROS} | 00000003 05 dead`,
  ],
  [
    'a refusal',
    { resultCode: 62, sessionToken: undefined, sessionTtl: undefined },
    `${HEADER}10 | 00 3e 00 00 ${ZEROS}`,
  ],
]

const bodyOf = (frame: string | Uint8Array): ByteReader =>
  ByteReader.over(typeof frame === 'string' ? hex(frame) : frame, 8)

describe('logging in', () => {
  it.each(REQUESTS)('%s', (_case, request, bytes) => {
    const out = new ByteWriter(1)
    encodeLoginRequest(out, request)
    expect(toHex(out.written())).toBe(toHex(hex(bytes)))
    expect(decodeAdminRequest(bodyOf(bytes))).toEqual(request)
  })

  it.each(REPLIES)('is answered with %s', (_case, reply, bytes) => {
    const out = new ByteWriter(1)
    encodeLoginReply(out, reply)
    expect(toHex(out.written())).toBe(toHex(hex(bytes)))
    expect(decodeLoginReply(bodyOf(bytes))).toEqual(reply)
  })

  it('leaves nothing of an earlier request in its header', () => {
    const out = new ByteWriter(1)
    for (let index = 0; index < 100; index++) out.u8(0xff)
    out.position = 0
    encodeLoginRequest(out, { command: 'login' })
    expect(toHex(out.written())).toBe(toHex(hex(`${HEADER}10 | 00 00 14 00 ${ZEROS}`)))
  })

  it('needs a token when it succeeds', () => {
    expect(() => decodeLoginReply(bodyOf(`${HEADER}10 | 00 00 00 00 ${ZEROS}`))).toThrow(
      /brings no session token/,
    )
    expect(() => decodeLoginReply(bodyOf(`${HEADER}15 | 00 00 00 01 ${ZEROS} | 00000001 05`))).toThrow(
      /brings no session token/,
    )
  })

  it('passes over fields it does not know', () => {
    const reply = decodeLoginReply(
      bodyOf(`${HEADER}1e | 00 00 00 02 ${ZEROS} | 00000003 63 0102 | 00000003 05 dead`),
    )
    expect(reply.sessionToken).toEqual(token)
  })
})

describe('secrets', () => {
  const secret = 'hunter2-hunter2'

  it.each<[string, LoginRequest]>([
    ['user', { command: 'login', user: `${secret}${'x'.repeat(64)}` }],
    ['credential', { command: 'login', user: 'ann', credential: secret.repeat(100) }],
    ['clearPassword', { command: 'login', user: 'ann', clearPassword: secret.repeat(10_000) }],
    ['clearPassword', { command: 'login', user: 'ann', clearPassword: '' }],
  ])('that do not fit are not shown: %s', (field, request) => {
    let thrown: unknown
    try {
      encodeLoginRequest(new ByteWriter(1), request)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(EncodeError)
    expect((thrown as EncodeError).path).toBe(field)
    expect(String((thrown as Error).stack)).not.toContain(secret)
  })

  it('of an answer that ends early are not shown', () => {
    const out = new ByteWriter(1)
    const secretBytes = new TextEncoder().encode(secret)
    encodeLoginReply(out, { resultCode: 0, sessionToken: secretBytes, sessionTtl: 60 })
    const frame = out.take()
    for (const cut of everyPrefix(frame)) {
      if (cut.length < 8) continue
      let thrown: unknown
      try {
        decodeLoginReply(bodyOf(cut))
      } catch (error) {
        thrown = error
      }
      expect(thrown, `${cut.length} bytes`).toBeInstanceOf(DecodeError)
      expect(String((thrown as Error).stack)).not.toContain(toHex(secretBytes).slice(0, 8))
      expect(String((thrown as Error).stack)).not.toContain('68 75 6e 74')
    }
  })
})
