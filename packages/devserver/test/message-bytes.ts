/** Requests and replies as bytes, made and read by a few lines of their own: a mistake of the server's writer cannot hide. */

export interface Operation {
  readonly type: number
  readonly bin?: string
  readonly particleType?: number
  readonly value?: Uint8Array
}

export interface Message {
  readonly info1?: number
  readonly info2?: number
  readonly info3?: number
  readonly generation?: number
  readonly ttl?: number
  readonly namespace?: string
  /** `null`: no SET field. */
  readonly set?: string | null
  /** 20 bytes; `null`: no DIGEST field. */
  readonly digest?: Uint8Array | null
  /** Particle type and value of the user's key. */
  readonly key?: Uint8Array
  /** Further fields: type and payload. */
  readonly fields?: readonly (readonly [type: number, payload: Uint8Array])[]
  readonly operations?: readonly Operation[]
}

/** A digest that begins with the partition number, and ends with a number of its own. */
export function digestOf(partition: number, record = 0): Uint8Array {
  const digest = new Uint8Array(20)
  digest[0] = partition & 0xff
  digest[1] = partition >> 8
  digest[18] = record >> 8
  digest[19] = record & 0xff
  return digest
}

export function message(request: Message): Uint8Array {
  const fields: [number, Uint8Array][] = [[0, utf8(request.namespace ?? 'test')]]
  if (request.set !== null) fields.push([1, utf8(request.set ?? 'people')])
  if (request.digest !== null) fields.push([4, request.digest ?? digestOf(1)])
  if (request.key !== undefined) fields.push([2, request.key])
  for (const [type, payload] of request.fields ?? []) fields.push([type, payload])
  const operations = request.operations ?? []
  const header = new Uint8Array(22)
  const view = new DataView(header.buffer)
  header.set([22, request.info1 ?? 0, request.info2 ?? 0, request.info3 ?? 0])
  view.setUint32(6, request.generation ?? 0)
  view.setInt32(10, request.ttl ?? 0)
  view.setUint32(14, 1000)
  view.setUint16(18, fields.length)
  view.setUint16(20, operations.length)
  return frame(3, [header, ...fields.map(fieldBytes), ...operations.map(operationBytes)])
}

export function infoRequest(...names: readonly string[]): Uint8Array {
  return frame(1, [utf8(names.map((name) => `${name}\n`).join(''))])
}

/** The text of an info reply, by name. */
export function infoAnswers(reply: Uint8Array): Map<string, string> {
  const lines = Buffer.from(reply.subarray(8))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]))
}

export interface Reply {
  readonly info3: number
  readonly resultCode: number
  readonly generation: number
  readonly voidTime: number
  /** `[type, bin, particle type, value]`. */
  readonly operations: readonly (readonly [
    type: number,
    bin: string,
    particleType: number,
    value: Uint8Array,
  ])[]
}

export function readReply(reply: Uint8Array): Reply {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength)
  const operations: (readonly [number, string, number, Uint8Array])[] = []
  let position = 30
  for (let left = view.getUint16(28); left > 0; left--) {
    const end = position + 4 + view.getUint32(position)
    const nameEnd = position + 8 + view.getUint8(position + 7)
    const name = Buffer.from(reply.subarray(position + 8, nameEnd)).toString('utf8')
    operations.push([
      view.getUint8(position + 4),
      name,
      view.getUint8(position + 5),
      reply.slice(nameEnd, end),
    ])
    position = end
  }
  if (position !== reply.length) throw new Error(`${reply.length - position} bytes follow the operations`)
  return {
    info3: view.getUint8(11),
    resultCode: view.getUint8(13),
    generation: view.getUint32(14),
    voidTime: view.getUint32(18),
    operations,
  }
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function int64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value))
  return bytes
}

export function frame(type: number, parts: readonly Uint8Array[], version = 2): Uint8Array {
  const body = Buffer.concat(parts)
  const head = new Uint8Array(8)
  head.set([version, type])
  new DataView(head.buffer).setUint32(4, body.length)
  return Buffer.concat([head, body])
}

function fieldBytes([type, payload]: readonly [number, Uint8Array]): Uint8Array {
  const head = new Uint8Array(5)
  new DataView(head.buffer).setUint32(0, payload.length + 1)
  head[4] = type
  return Buffer.concat([head, payload])
}

function operationBytes({
  type,
  bin = '',
  particleType = 0,
  value = new Uint8Array(0),
}: Operation): Uint8Array {
  const name = utf8(bin)
  const head = new Uint8Array(8)
  new DataView(head.buffer).setUint32(0, 4 + name.length + value.length)
  head.set([type, particleType, 0, name.length], 4)
  return Buffer.concat([head, name, value])
}
