import { hex, loadVectors, type Random } from '@aero/testkit'

/*
 * Whole frames to cut and to mutate: recorded ones where the recordings are at hand, and always these, by hand.
 */
const DIGEST = '000102030405060708090a0b0c0d0e0f10111213'
const FIELDS = `00000005 00 74657374 | 00000006 01 7573657273 | 00000015 04 ${DIGEST}`

/** Requests: get, put with list, map, text, blob and GeoJSON, operate with a user key and a filter. */
const REQUESTS = [
  `02 03 000000000042 | 16 03000000 00 00000000 00000000 000003e8 0003 0000 | ${FIELDS}`,
  `02 03 000000000090 | 16 00010000 00 00000000 00000000 00000000 0003 0005 | ${FIELDS}
   00000009 02 14 00 01 6c 93 01 02 c0 | 0000000e 02 13 00 01 6d 82 c7 00 01 c0 a2 03 61 01
   00000009 02 03 00 01 73 c5bcc3b3 | 00000007 02 04 00 01 62 0102 | 0000000b 02 17 00 01 67 00 0000 7b 7d 20`,
  `02 03 00000000006a | 16 01010000 00 00000007 ffffffff 00000000 0005 0003 | ${FIELDS} | 00000003 02 03 6b | 00000002 2b c3
   0000000d 05 01 00 01 6e fffffffffffffffb | 00000004 0b 00 00 00 | 00000005 01 00 00 01 6e`,
]

/** Replies: an error, one integer, all kinds of values, two results for one bin, fields. */
const REPLIES = [
  '02 03 000000000016 | 16 00000000 02 00000000 00000000 00000000 0000 0000',
  '02 03 000000000027 | 16 00000000 00 00000001 00000000 00000000 0000 0001 | 0000000d 01 01 00 01 61 0000000000000001',
  `02 03 00000000007a | 16 00000000 00 00000003 00000009 00000000 0000 0007
   0000000d 01 02 00 01 64 3ff8000000000000 | 0000000a 01 03 00 04 6e616d65 c5bc | 00000006 01 11 00 01 74 01
   0000000e 01 13 00 01 6d 82 a2 03 61 92 01 c3 05 c0 | 0000000b 01 14 00 01 6c 93 7f a2 03 61 90
   00000011 01 17 00 01 67 00 0001 0102030405060708 7b | 00000006 01 12 00 01 68 ff`,
  `02 03 00000000003f | 16 00000000 00 00000003 00000000 00000000 0001 0003 | 00000003 2d c0 c0
   0000000d 01 01 00 01 61 7fffffffffffffff | 00000005 03 00 00 01 61 | 00000007 04 14 00 01 61 9105`,
]

const ZEROS = '00'.repeat(12)
/** Requests to log in, to create a user and a role; then answers: a session, users and their end, a role, a refusal. */
const ADMIN_REQUESTS = [
  `02 02 000000000000 | 00 00 14 03 ${ZEROS} | 00000004 00 616e6e | 00000005 03 68617368 | 00000003 04 7077`,
  `02 02 000000000000 | 00 00 01 03 ${ZEROS} | 00000002 00 75 | 00000002 01 68 | 00000007 0a 02 01 61 02 6263`,
  `02 02 000000000000 | 00 00 0a 04 ${ZEROS} | 00000002 0b 72 | 0000000b 0c 03 01 0a 01 6e 01 73 0d 00 00
   00000008 0d 312e322e332e34 | 00000005 0e 0000000a`,
]
const ADMIN_REPLIES = [
  `02 02 000000000000 | 00 00 00 02 ${ZEROS} | 00000003 05 dead | 00000005 06 00015180`,
  `02 02 000000000000 | 00 00 00 03 ${ZEROS} | 00000002 00 75 | 00000004 0a 01 01 61 | 0000000a 10 02 00000001 00000002
   00 32 00 00 ${ZEROS}`,
  `02 02 000000000000 | 00 00 00 03 ${ZEROS} | 00000002 0b 72 | 00000008 0c 02 0a 01 6e 01 73 00 | 00000005 0e 0000000a
   00 32 00 00 ${ZEROS}`,
  `02 02 000000000000 | 00 3e 00 00 ${ZEROS}`,
]

const INFO = ['02 01 00000000000b | 6e6f64650a 6275696c640a', '02 01 000000000008 | 6e6f6465 09 4131 0a']

/** No frame longer than this is taken from the recordings: what can go wrong goes wrong in short ones, and faster. */
const LONGEST = 2048

/** Frames that a client receives. */
export function replyFrames(): Uint8Array[] {
  return [
    ...frames([...REPLIES, ...ADMIN_REPLIES, INFO[1] as string]),
    ...recorded((vector) => vector.responseHex ?? []),
  ]
}

/** Frames that a server receives. */
export function requestFrames(): Uint8Array[] {
  return [
    ...frames([...REQUESTS, ...ADMIN_REQUESTS, INFO[0] as string]),
    ...recorded((vector) => (typeof vector.requestHex === 'string' ? [vector.requestHex] : [])),
  ]
}

/** Hand-written frames with their lengths put right, so that a slip in counting does not hide what is behind it. */
function frames(texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => {
    const bytes = hex(text)
    new DataView(bytes.buffer).setUint32(4, bytes.length - 8)
    return bytes
  })
}

const GROUPS = [
  'keys',
  'values',
  'single',
  'errors',
  'operate',
  'lists',
  'maps',
  'hll',
  'bitwise',
  'info',
  'admin',
  'batch',
  'scan',
  'query',
  'background',
  'raw',
]

function recorded(
  choose: (vector: { requestHex?: string | null; responseHex?: readonly string[] }) => readonly string[],
): Uint8Array[] {
  const distinct = new Set(GROUPS.flatMap((group) => loadVectors(group).flatMap(choose)))
  return [...distinct]
    .filter((text) => text.length >= 16 && text.length <= 2 * LONGEST)
    .map(hex)
    .filter((bytes) => new DataView(bytes.buffer).getUint32(4) === bytes.length - 8)
}

/** `frame` with one to eight changes of the kinds that break parsers. */
export function mutated(frame: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = frame.slice()
  for (let changes = random.int(1, 8); changes > 0; changes--) {
    const at = random.int(0, Math.max(0, bytes.length - 1))
    switch (random.int(0, 7)) {
      case 0:
        bytes[at] = random.int(0, 255)
        break
      case 1:
        bytes[at] = (bytes[at] as number) ^ (1 << random.int(0, 7))
        break
      case 2:
        bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xc7, 0xdd, 0xdf, 0xff])
        break
      case 3:
        bytes.fill(random.pick([0, 0xff, 0x91, 0x81]), at, at + random.int(1, 8))
        break
      case 4:
        bytes = bytes.slice(0, at)
        break
      case 5:
        bytes = joinedBytes(bytes.subarray(0, at), random.bytes(random.int(1, 16)), bytes.subarray(at))
        break
      case 6:
        bytes = joinedBytes(bytes.subarray(0, at), bytes.subarray(at + random.int(1, 16)))
        break
      default:
        bytes.copyWithin(at, random.int(0, Math.max(0, bytes.length - 1)), bytes.length)
    }
  }
  return bytes
}

/** `bytes` with a frame header that fits, so that the mutation reaches the layers behind it. */
export function reframed(bytes: Uint8Array, type: number): Uint8Array {
  const body = bytes.subarray(Math.min(8, bytes.length))
  const frame = joinedBytes(hex('02 00 000000000000'), body)
  frame[1] = type
  new DataView(frame.buffer).setUint32(4, body.length)
  return frame
}

function joinedBytes(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
