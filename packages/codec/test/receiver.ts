import { decodeAdminRequest, decodeRolesReply, decodeUsersReply } from '../src/command/admin.ts'
import { BatchReply, decodeBatchRequest } from '../src/command/batch.ts'
import { decodeInfoReply, decodeInfoRequest } from '../src/command/info.ts'
import { decodeLoginReply } from '../src/command/login.ts'
import { isLastQueryFrame, QueryReply } from '../src/command/query-reply.ts'
import { decodeRecordReply, replyResultCode } from '../src/command/record-reply.ts'
import { decodeRecordRequest } from '../src/command/record-request.ts'
import { CodecError } from '../src/errors.ts'
import { FrameDecoder } from '../src/frame/frame-decoder.ts'
import { FRAME_TYPE } from '../src/frame/frame-type.ts'
import { parseBuild } from '../src/info/build.ts'
import { parseHostList } from '../src/info/host-address.ts'
import { parseInfoError } from '../src/info/info-error.ts'
import { parsePeers } from '../src/info/peers.ts'
import { parseReplicas } from '../src/info/replicas.ts'
import { parseUserAgent } from '../src/info/user-agent.ts'
import { BinNames } from '../src/message/bin-names.ts'
import { INFO1 } from '../src/message/info-bits.ts'
import { Key } from '../src/value/key.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import type { ByteReader } from '../src/wire/byte-reader.ts'

/** A frame larger than this is refused in these tests. */
export const MAX_FRAME_BYTES = 64 * 1024

const KEY = Key.fromDigest('test', 'users', '00'.repeat(20))
const OPTIONS = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => 1_700_000_000_000 }
const TEXT_PARSERS = [
  parsePeers,
  parseReplicas,
  parseBuild,
  parseHostList,
  parseUserAgent,
  parseInfoError,
] as ((text: string) => unknown)[]

/** What became of the bytes of a connection. */
export interface Reception {
  /** Everything that was decoded. */
  readonly decoded: unknown[]
  /** What stopped it. */
  readonly error: CodecError | undefined
  /** The decoder waits for the end of a frame. */
  readonly waiting: boolean
}

/** Reads `chunks` as a client (replies) or as a server (requests) would. Lets escape what is not a CodecError. */
export function receive(chunks: readonly Uint8Array[], side: 'client' | 'server'): Reception {
  const frames = new FrameDecoder(MAX_FRAME_BYTES)
  const decoded: unknown[] = []
  try {
    for (const chunk of chunks) {
      frames.push(chunk)
      while (frames.next()) decoded.push(side === 'client' ? readAnswer(frames) : readRequest(frames))
      frames.settle()
    }
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    return { decoded, error, waiting: false }
  }
  return { decoded, error: undefined, waiting: !frames.isEmpty }
}

function readAnswer({ type, body }: FrameDecoder): unknown {
  if (type === FRAME_TYPE.message) {
    const code = replyResultCode(body)
    const { position } = body
    // The same bytes as a batch's answer first: what comes of it is for the batch's own tests to say.
    tried(() => readRows(body))
    body.position = position
    tried(() => readQueryRows(body))
    body.position = position
    tried(() => isLastQueryFrame(body))
    body.position = position
    return code === 0 ? decodeRecordReply(body, KEY, OPTIONS) : code
  }
  if (type === FRAME_TYPE.admin) return readAdminAnswer(body)
  if (type !== FRAME_TYPE.info) return type
  const values = decodeInfoReply(body)
  for (const value of values.values()) for (const parse of TEXT_PARSERS) tried(() => parse(value))
  return values
}

function readRows(body: ByteReader): unknown[] {
  const rows: unknown[] = []
  const reply = new BatchReply()
  for (reply.begin(body); reply.next(); ) {
    if (reply.resultCode === 0 && !reply.isLast) {
      const { index } = reply
      const record = tried(() => reply.record(KEY, OPTIONS))
      if (record === undefined) reply.skip()
      rows.push([index, record])
    } else {
      rows.push(reply.resultCode)
      reply.skip()
    }
  }
  return rows
}

function readQueryRows(body: ByteReader): unknown[] {
  const rows: unknown[] = []
  const reply = new QueryReply()
  for (reply.begin(body); reply.next(); ) {
    if (reply.isEnd || reply.isPartition) continue
    const record = tried(() => reply.record('test', OPTIONS))
    if (record === undefined) reply.skip()
    rows.push(record)
  }
  return rows
}

/** Which question it answers is not known here: an answer to any will do, and what none can make of it is an error. */
function readAdminAnswer(body: ByteReader): unknown {
  const start = body.position
  const login = tried(() => decodeLoginReply(body))
  body.position = start
  const users = tried(() => decodeUsersReply(body))
  body.position = start
  const roles = decodeRolesReply(body)
  return [login, users, roles]
}

function readRequest({ type, body }: FrameDecoder): unknown {
  if (type === FRAME_TYPE.admin) return decodeAdminRequest(body)
  if (type === FRAME_TYPE.message) {
    const { position } = body
    const isBatch = ((body.bytes[position + 1] ?? 0) & INFO1.batch) !== 0
    const request = decodeRecordRequest(body)
    body.position = position
    return isBatch && body.remaining > 1 ? decodeBatchRequest(body) : request
  }
  return type === FRAME_TYPE.info ? decodeInfoRequest(body) : type
}

function tried(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    return undefined
  }
}
