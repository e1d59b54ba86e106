import { hex, toHex, type Vector } from '@aero/testkit'
import { infoRequest } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

/*
 * The recorded calls of a group, sent once more in their order, and what comes back compared with what the real server said:
 * byte for byte but for what is marked volatile. It does what the recordings' own program does, without its waiting: here
 * indexes and modules are there when the answer to their creation is.
 */
const MESSAGE = 3
const REPLY_LAST = 0x01
const PARTITION_DONE = 0x04
const INFO1_READ = 0x01
const INFO1_BATCH = 0x08
const FIELD = { taskId: 7, partitionIds: 11, functionOperation: 33 } as const
const BACKGROUND_FUNCTION = 2

/** A message of a frame: where it lies, and what of it says whether more is to come. */
interface Message {
  readonly bytes: Uint8Array
  readonly info1: number
  readonly info3: number
  readonly resultCode: number
  readonly fields: readonly { readonly type: number; readonly payload: Uint8Array }[]
}

/** The names of the vectors that are answered otherwise, as `group/name`, and how many were compared. */
export async function replay(
  vectors: readonly Vector[],
  port: number,
): Promise<{ readonly compared: number; readonly differing: readonly string[] }> {
  const differing: string[] = []
  let compared = 0
  let client = await RawClient.open(port)
  for (const vector of vectors) {
    if (!isReplayable(vector)) continue
    for (const { requestHex } of vector.setup ?? []) if (requestHex) await ask(client, hex(requestHex))
    const expected = (vector.responseHex ?? []).map((frame) => hex(frame))
    const isRaw = vector['source'] === 'raw'
    const request = hex(vector.requestHex ?? '')
    const received = isRaw ? await askRaw(client, request, expected.length) : await ask(client, request)
    if (isRaw) {
      client.close()
      client = await RawClient.open(port)
    }
    if (vector.replay === 'setup') continue
    compared++
    if (!isAlike(vector, received, expected)) differing.push(`${vector.group}/${vector.name}`)
    if (vector.volatile?.['moreCount'] !== undefined) continue
    for (const { requestHex } of vector.more ?? []) if (requestHex) await ask(client, hex(requestHex))
  }
  client.close()
  return { compared, differing }
}

function isReplayable(vector: Vector): boolean {
  const isCut = vector.requestTruncated !== undefined || vector.responseTruncated !== undefined
  return (
    Boolean(vector.requestHex) && vector.replay !== false && !isCut && vector['fakeResponse'] === undefined
  )
}

/** Sends a request and waits for its whole answer. */
async function ask(client: RawClient, request: Uint8Array): Promise<Uint8Array[]> {
  client.send(request)
  const frames = [await client.frame()]
  const kind = kindOf(request)
  while (!isComplete(frames[frames.length - 1] as Uint8Array, kind)) frames.push(await client.frame())
  return frames
}

/** Sends a malformed request and waits for as many frames as were recorded; for none: until the connection ends or answers another. */
async function askRaw(client: RawClient, request: Uint8Array, count: number): Promise<Uint8Array[]> {
  client.send(request)
  const frames: Uint8Array[] = []
  while (frames.length < count) frames.push(await client.frame())
  if (count > 0) return frames
  client.send(infoRequest('node'))
  const next = await client.frame().catch(() => undefined)
  return next === undefined || next[1] === 1 ? [] : [next]
}

type Kind = 'single' | 'batch' | 'query'

function kindOf(request: Uint8Array): Kind {
  const [message] = request[1] === MESSAGE ? messagesOf(request) : []
  if (message === undefined) return 'single'
  if ((message.info1 & INFO1_BATCH) !== 0) return 'batch'
  const isJob = message.fields.some(({ type }) => type === FIELD.taskId || type === FIELD.partitionIds)
  const isBackground = message.fields.some(
    ({ type, payload }) => type === FIELD.functionOperation && payload[0] === BACKGROUND_FUNCTION,
  )
  return isJob && (message.info1 & INFO1_READ) !== 0 && !isBackground ? 'query' : 'single'
}

function isComplete(frame: Uint8Array, kind: Kind): boolean {
  if (kind === 'single' || frame[1] !== MESSAGE) return true
  const last = messagesOf(frame).at(-1)
  if (last === undefined || (last.info3 & REPLY_LAST) !== 0) return true
  return kind === 'query' && last.resultCode !== 0 && (last.info3 & PARTITION_DONE) === 0
}

function isAlike(vector: Vector, received: readonly Uint8Array[], expected: readonly Uint8Array[]): boolean {
  const { volatile } = vector
  if (vector.replay === 'loose') return received.length === expected.length
  if (volatile?.responseLength === true || volatile?.responseContent === true) return received.length > 0
  if (volatile?.responseUnordered === true) return sortedMessages(received) === sortedMessages(expected)
  if (received.length !== expected.length) return false
  return expected.every((frame, index) => {
    const masks = (volatile?.response ?? []).filter(([at]) => at === index)
    const own = received[index] as Uint8Array
    return own.length === frame.length && masked(own, masks) === masked(frame, masks)
  })
}

function masked(frame: Uint8Array, masks: readonly (readonly [number, number, number, string])[]): string {
  const copy = frame.slice()
  for (const [, offset, length] of masks) copy.fill(0, offset, offset + length)
  return toHex(copy)
}

function sortedMessages(frames: readonly Uint8Array[]): string {
  return frames
    .flatMap((frame) => (frame[1] === MESSAGE ? messagesOf(frame).map(({ bytes }) => bytes) : [frame]))
    .map(toHex)
    .sort()
    .join(' ')
}

function messagesOf(frame: Uint8Array): Message[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const messages: Message[] = []
  for (let start = 8; start + 22 <= frame.length; ) {
    const fields: { type: number; payload: Uint8Array }[] = []
    let position = start + 22
    for (let left = view.getUint16(start + 18); left > 0; left--) {
      const end = position + 4 + view.getUint32(position)
      fields.push({ type: view.getUint8(position + 4), payload: frame.subarray(position + 5, end) })
      position = end
    }
    for (let left = view.getUint16(start + 20); left > 0; left--) position += 4 + view.getUint32(position)
    messages.push({
      bytes: frame.slice(start, position),
      info1: view.getUint8(start + 1),
      info3: view.getUint8(start + 3),
      resultCode: view.getUint8(start + 5),
      fields,
    })
    start = position
  }
  return messages
}
