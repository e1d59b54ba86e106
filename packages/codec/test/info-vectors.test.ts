import { hex, loadVectors, toHex, type Vector, type VectorEvent } from '@aero/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import {
  decodeInfoReply,
  decodeInfoRequest,
  encodeInfoReply,
  encodeInfoRequest,
} from '../src/command/info.ts'
import { decodeRecordRequest } from '../src/command/record-request.ts'
import { FrameDecoder } from '../src/frame/frame-decoder.ts'
import { FRAME_TYPE } from '../src/frame/frame-type.ts'
import { parseBuild } from '../src/info/build.ts'
import { parseHostList, printHostList } from '../src/info/host-address.ts'
import { parseInfoError } from '../src/info/info-error.ts'
import { parsePeers, printPeers } from '../src/info/peers.ts'
import { hasPartition, parseReplicas, printReplicas } from '../src/info/replicas.ts'
import { parseUserAgent, printUserAgentRequest } from '../src/info/user-agent.ts'
import type { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'

const counts = new Map<string, number>()

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

afterAll(() => {
  for (const [what, times] of counts) console.log(`vectors ${what}: ${times}`)
})

function infoBody(bytes: Uint8Array): ByteReader {
  const frames = new FrameDecoder()
  frames.push(bytes)
  expect(frames.next()).toBe(true)
  expect(frames.type).toBe(FRAME_TYPE.info)
  return frames.body
}

/** What goes over the wire for a request, and how it is read back. */
function checkRequest(group: string, requestHex: string, names: readonly string[]): void {
  const out = new ByteWriter(16)
  encodeInfoRequest(out, names)
  expect(toHex(out.written())).toBe(requestHex)
  expect(decodeInfoRequest(infoBody(hex(requestHex)))).toEqual(names)
  count(`${group} requests`)
}

/** Names and values of a reply, taken apart without the codec. */
function entriesOf(replyHex: string): [string, string][] {
  const text = Buffer.from(hex(replyHex)).toString('utf8', 8)
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(/\t(.*)/s, 2) as [string, string])
}

function checkReply(group: string, replyHex: string): void {
  const entries = entriesOf(replyHex)
  const values = decodeInfoReply(infoBody(hex(replyHex)))
  expect([...values]).toEqual([...new Map(entries.map(([name, value]) => [name, value ?? '']))])
  if (entries.every(([, value]) => value !== undefined)) {
    const out = new ByteWriter(16)
    encodeInfoReply(out, entries)
    expect(toHex(out.written())).toBe(replyHex)
  }
  for (const [name, value] of values) checkValue(group, name, value)
  count(`${group} replies`)
}

/** Values whose meaning we parse: parsed, checked where the text says enough, and printed again. */
function checkValue(group: string, name: string, value: string): void {
  const error = parseInfoError(value)
  if (error !== undefined) {
    expect(value.startsWith('ERROR:')).toBe(true)
    if (/^ERROR:\d+:/.test(value)) expect(value).toBe(`ERROR:${error.code}:${error.text}`)
    count(`${group} values: errors`)
  } else if (/^peers-(clear|tls)-(std|alt)$/.test(name)) {
    expect(printPeers(parsePeers(value))).toBe(value)
    count(`${group} values: peers`)
  } else if (name === 'replicas') {
    const namespaces = parseReplicas(value)
    expect(printReplicas(namespaces)).toBe(value)
    for (const { namespace, replicas } of namespaces) {
      const base64 = new RegExp(`${namespace}:\\d+,\\d+,([^,;]*)`).exec(value)?.[1] as string
      const bitmap = Buffer.from(base64, 'base64')
      for (let id = 0; id < 4096; id++) {
        const owned = ((bitmap[id >> 3] as number) >> (7 - (id & 7))) & 1
        if (hasPartition(replicas[0] as Uint8Array, id) !== (owned === 1)) expect.fail(`partition ${id}`)
      }
    }
    count(`${group} values: replicas`)
  } else if (/^service-(clear|tls)-(std|alt)$/.test(name) && value !== '') {
    expect(printHostList(parseHostList(value))).toBe(value)
    count(`${group} values: services`)
  } else if (name === 'build') {
    const { major, minor, patch, revision } = parseBuild(value)
    expect([major, minor, patch, revision].join('.')).toBe(value)
    count(`${group} values: builds`)
  } else if (name.startsWith('user-agent-set:value=')) {
    expect(printUserAgentRequest(parseUserAgent(name.slice(name.indexOf('=') + 1)))).toBe(name)
    count(`${group} values: user agents`)
  }
}

/** The names that a recorded call of the official client asks for. */
function namesOf({ input }: Vector): string[] | undefined {
  const [first] = input.args ?? []
  if (input.call === 'setXDRFilter') return undefined
  return typeof first === 'string' ? first.split('\n').filter((name) => name !== '') : undefined
}

const info = loadVectors('info')
describe.skipIf(info.length === 0)('vectors: info (needs AERO_VECTORS)', () => {
  const asked = info.filter((vector) => typeof vector.requestHex === 'string')
  it.each(asked.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const requestHex = vector.requestHex as string
    // Calls that do not name what they ask for (an XDR filter, several names in one text): the names are what was sent.
    const sent = Buffer.from(hex(requestHex)).toString('utf8', 8).split('\n').slice(0, -1)
    const names = namesOf(vector)
    if (names !== undefined) expect(sent).toEqual(names)
    checkRequest('info', requestHex, sent)
    for (const reply of vector.responseHex ?? []) checkReply('info', reply)
    for (const more of vector.more ?? []) for (const reply of more.responseHex) checkReply('info', reply)
  })

  it('leaves only local calls without a request', () => {
    const silent = info.filter((vector) => typeof vector.requestHex !== 'string')
    expect(
      silent.map(({ input }) => input.call).filter((call) => !/^(getNodes|isConnected)$/.test(call)),
    ).toEqual([])
  })
})

for (const group of ['connect', 'cluster']) {
  const vectors = loadVectors(group)
  describe.skipIf(vectors.length === 0)(`vectors: ${group} (needs AERO_VECTORS)`, () => {
    it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
      for (const event of vector.session ?? []) checkEvent(group, event)
    })
  })
}

function checkEvent(group: string, { ev, hex: frameHex, text }: VectorEvent): void {
  if (frameHex === undefined) return
  const bytes = hex(frameHex)
  if (bytes[1] === FRAME_TYPE.info && ev === 'request') {
    const names = Buffer.from(bytes).toString('utf8', 8).split('\n').slice(0, -1)
    expect(text).toBe(`${names.join('\n')}\n`)
    checkRequest(group, frameHex, names)
  } else if (bytes[1] === FRAME_TYPE.info) checkReply(group, frameHex)
  else if (bytes[1] === FRAME_TYPE.message && ev === 'request') {
    const frames = new FrameDecoder()
    frames.push(bytes)
    expect(frames.next()).toBe(true)
    expect(decodeRecordRequest(frames.body).fields.length).toBeGreaterThan(0)
    count(`${group} message requests`)
  } else
    count(
      `${group} other frames, not looked at here: logins (admin-vectors.test.ts), replies of messages (vectors.test.ts)`,
    )
}
