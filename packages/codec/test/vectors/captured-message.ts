/**
 * A parser of message frames that shares no code with the codec, so that a mistake there cannot hide here.
 */
export interface CapturedMessage {
  readonly info1: number
  readonly info2: number
  readonly info3: number
  readonly info4: number
  readonly resultCode: number
  readonly generation: number
  readonly expiration: number
  readonly timeoutMs: number
  readonly fields: readonly { readonly type: number; readonly payload: Uint8Array }[]
  readonly operations: readonly {
    readonly type: number
    readonly particleType: number
    readonly bin: string
    readonly payload: Uint8Array
  }[]
}

/** The first message of a frame. */
export function parseCaptured(frame: Uint8Array): CapturedMessage {
  const buffer = Buffer.from(frame)
  let at = 30
  const fields = Array.from({ length: buffer.readUInt16BE(26) }, () => {
    const size = buffer.readUInt32BE(at)
    const field = {
      type: buffer.readUInt8(at + 4),
      payload: new Uint8Array(frame.slice(at + 5, at + 4 + size)),
    }
    at += 4 + size
    return field
  })
  const operations = Array.from({ length: buffer.readUInt16BE(28) }, () => {
    const size = buffer.readUInt32BE(at)
    const nameEnd = at + 8 + buffer.readUInt8(at + 7)
    const operation = {
      type: buffer.readUInt8(at + 4),
      particleType: buffer.readUInt8(at + 5),
      bin: buffer.toString('utf8', at + 8, nameEnd),
      payload: new Uint8Array(frame.slice(nameEnd, at + 4 + size)),
    }
    at += 4 + size
    return operation
  })
  return {
    info1: buffer.readUInt8(9),
    info2: buffer.readUInt8(10),
    info3: buffer.readUInt8(11),
    info4: buffer.readUInt8(12),
    resultCode: buffer.readUInt8(13),
    generation: buffer.readUInt32BE(14),
    expiration: buffer.readUInt32BE(18),
    timeoutMs: buffer.readUInt32BE(22),
    fields,
    operations,
  }
}
