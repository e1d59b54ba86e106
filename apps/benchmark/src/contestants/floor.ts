import { connect, type Socket } from 'node:net'
import {
  BATCH_FLAG,
  ByteWriter,
  encodeBatchRequest,
  encodeQueryRequest,
  encodeRecordRequest,
  FRAME_HEADER_BYTES,
  INFO1,
  INFO2,
  INFO3,
  Key,
  MESSAGE_HEADER_BYTES,
  PARTITION_COUNT,
  type RecordRequest,
} from '@aero/codec'
import { BATCH_SIZE, batchNumbers, binsOf, INDEXED, isQuery, type RunRequest } from '../contestant.ts'

/** How many requests are encoded beforehand; they are sent round and round. */
const PREPARED = 4096
/** How many scans or queries are: more than a run can send. */
const PREPARED_QUERIES = 2000
/** How many batches are. */
const PREPARED_BATCHES = 256

/**
 * The floor: requests encoded beforehand, raw sockets, and of the answers only the frame lengths are looked at. No client on
 * this platform that sends the same requests over as many connections can be faster.
 */
export class Floor {
  readonly #sockets: FloorSocket[]

  private constructor(sockets: FloorSocket[]) {
    this.#sockets = sockets
  }

  static async open(request: RunRequest, onAnswer: (startedAt: number) => void): Promise<Floor> {
    const requests = prepare(request)
    const [host = '127.0.0.1', port = '3000'] = (request.seeds.split(',')[0] ?? '').split(':')
    const count = Math.max(1, Math.min(request.connections, request.inFlight))
    const sockets: FloorSocket[] = []
    for (let index = 0; index < count; index++) {
      const depth = Math.floor(request.inFlight / count) + (index < request.inFlight % count ? 1 : 0)
      sockets.push(
        await FloorSocket.open(
          host,
          Number(port),
          requests,
          index * 997,
          depth,
          onAnswer,
          request.workload !== 'single',
        ),
      )
    }
    return new Floor(sockets)
  }

  get connections(): number {
    return this.#sockets.length
  }

  start(): void {
    for (const socket of this.#sockets) socket.start()
  }

  stop(): void {
    for (const socket of this.#sockets) socket.stop()
  }
}

class FloorSocket {
  readonly #socket: Socket
  readonly #requests: readonly Uint8Array[]
  readonly #depth: number
  readonly #onAnswer: (startedAt: number) => void
  readonly #started: Float64Array
  #out = new Uint8Array(256 * 1024)
  #next: number
  #head = 0
  #tail = 0
  /** Bytes of the current answer that have yet to come; the header's own bytes gather in #header. */
  #missing = 0
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES)
  readonly #headerView = new DataView(this.#header.buffer)
  #headerBytes = 0
  #running = true
  /** The answer to a batch comes in several frames; the last one has nothing but a header. */
  readonly #isBatch: boolean
  #frameBytes = 0

  private constructor(
    socket: Socket,
    requests: readonly Uint8Array[],
    first: number,
    depth: number,
    onAnswer: (startedAt: number) => void,
    isBatch: boolean,
  ) {
    this.#isBatch = isBatch
    this.#socket = socket
    this.#requests = requests
    this.#next = first
    this.#depth = depth
    this.#onAnswer = onAnswer
    this.#started = new Float64Array(depth + 1)
  }

  static open(
    host: string,
    port: number,
    requests: readonly Uint8Array[],
    first: number,
    depth: number,
    onAnswer: (startedAt: number) => void,
    isBatch: boolean,
  ): Promise<FloorSocket> {
    return new Promise((resolve, reject) => {
      let floor: FloorSocket | undefined
      const socket = connect({
        host,
        port,
        noDelay: true,
        onread: {
          buffer: new Uint8Array(64 * 1024),
          callback: (length, bytes) => {
            floor?.receive(bytes as Uint8Array, length)
            return true
          },
        },
      })
      socket.once('error', reject)
      socket.once('connect', () => {
        floor = new FloorSocket(socket, requests, first, depth, onAnswer, isBatch)
        resolve(floor)
      })
    })
  }

  start(): void {
    this.#send(this.#depth)
  }

  stop(): void {
    this.#running = false
    this.#socket.destroy()
  }

  #send(count: number): void {
    const now = performance.now()
    let position = 0
    for (let index = 0; index < count; index++) {
      const request = this.#requests[this.#next++ % this.#requests.length] as Uint8Array
      this.#out.set(request, position)
      position += request.length
      this.#started[this.#tail++ % this.#started.length] = now
    }
    this.#socket.write(this.#out.subarray(0, position))
    if (this.#socket.writableLength !== 0) this.#out = new Uint8Array(this.#out.length)
  }

  receive(bytes: Uint8Array, length: number): void {
    let answers = 0
    let position = 0
    while (position < length) {
      if (this.#missing > 0) {
        const step = Math.min(this.#missing, length - position)
        this.#missing -= step
        position += step
      } else {
        this.#header[this.#headerBytes++] = bytes[position++] as number
        if (this.#headerBytes < FRAME_HEADER_BYTES) continue
        this.#headerBytes = 0
        this.#missing = this.#headerView.getUint32(4)
        this.#frameBytes = this.#missing
      }
      if (this.#missing === 0 && this.#headerBytes === 0 && this.#endsAnswer()) {
        answers++
        this.#onAnswer(this.#started[this.#head++ % this.#started.length] as number)
      }
    }
    if (answers > 0 && this.#running) this.#send(answers)
  }

  #endsAnswer(): boolean {
    return !this.#isBatch || this.#frameBytes === MESSAGE_HEADER_BYTES
  }
}

function prepareBatches(request: RunRequest): Uint8Array[] {
  const out = new ByteWriter(4096)
  const action = {
    info1: INFO1.read | INFO1.getAll,
    info2: 0,
    info3: 0,
    info4: 0,
    generation: 0,
    expiration: 0,
    sendKey: false,
    filter: undefined,
    operations: undefined,
    binNames: undefined,
    bins: undefined,
  }
  const actions = new Array(BATCH_SIZE).fill(action)
  const rows = actions.map((_, index) => index)
  const flags = BATCH_FLAG.inline | BATCH_FLAG.respondAllKeys | BATCH_FLAG.always
  return Array.from({ length: PREPARED_BATCHES }, (_, index) => {
    const numbers = batchNumbers((index * 7919) % request.keys, request.keys)
    const keys = numbers.map((number) => new Key(request.namespace, request.setName, number))
    encodeBatchRequest(out, {
      keys,
      actions,
      rows,
      count: BATCH_SIZE,
      flags,
      timeoutMs: 5000,
      filter: undefined,
    })
    return out.take()
  })
}

/** Each with a number of its own: servers refuse that of one of their last jobs. */
function prepareQueries(request: RunRequest): Uint8Array[] {
  const out = new ByteWriter(16_384)
  const first = BigInt(Date.now()) << 20n
  return Array.from({ length: PREPARED_QUERIES }, (_, at) => {
    encodeQueryRequest(out, {
      namespace: request.namespace,
      setName: request.setName,
      info1: INFO1.read,
      info2: 0,
      info3: INFO3.partitionDone,
      expiration: -1,
      timeoutMs: 0,
      socketTimeoutMs: 5000,
      recordsPerSecond: 0,
      taskId: first + BigInt(at),
      index:
        request.workload === 'scan'
          ? undefined
          : {
              bin: 'a',
              from: 0,
              to: INDEXED - 1,
              collection: 'DEFAULT',
              context: undefined,
              indexName: undefined,
              expression: undefined,
            },
      filter: undefined,
      function: undefined,
      partitions: {
        whole: Array.from({ length: PARTITION_COUNT }, (_, partition) => partition),
        digests: new Uint8Array(0),
        values: undefined,
      },
      maxRecords: 0,
      binNames: [],
      operations: [],
    })
    return out.take()
  })
}

function prepare(request: RunRequest): Uint8Array[] {
  if (isQuery(request.workload)) return prepareQueries(request)
  if (request.workload === 'batch100') return prepareBatches(request)
  const out = new ByteWriter(4096)
  return Array.from({ length: PREPARED }, (_, index) => {
    const number = (index * 7919) % request.keys
    const isRead = index % 100 < request.reads * 100
    const message: RecordRequest = {
      key: new Key(request.namespace, request.setName, number),
      info1: isRead ? INFO1.read | INFO1.getAll : 0,
      info2: isRead ? 0 : INFO2.write,
      info3: 0,
      info4: 0,
      generation: 0,
      expiration: 0,
      timeoutMs: 5000,
      sendKey: !isRead,
      filter: undefined,
      operations: undefined,
      binNames: undefined,
      bins: isRead ? undefined : binsOf(request.record, number),
    }
    encodeRecordRequest(out, message)
    return out.take()
  })
}
