import { ByteReader, ByteWriter, decodeInfoRequest, encodeInfoReply, FRAME_HEADER_BYTES } from '@aero/codec'
import { FakeClock, settled } from '@aero/testkit'
import type { Endpoint, Socket, SocketEvents, SocketOpener } from '@aero/transport'
import { MemorySocket } from '@aero/transport/testing'
import { Cluster } from '../src/cluster.ts'
import type { TenderOptions } from '../src/tender-options.ts'
import { ModelCluster } from './model-cluster.ts'

/** Lets the servers of a model listen on connections in memory, and time pass when told: real pools, no sockets. */
export class MemoryCluster extends ModelCluster implements SocketOpener {
  readonly clock = new FakeClock()
  readonly sockets: { readonly endpoint: string; readonly socket: MemorySocket }[] = []

  open(endpoint: Endpoint, events: SocketEvents): Socket {
    const socket = new MemorySocket(events)
    this.sockets.push({ endpoint: endpoint.toString(), socket })
    process.nextTick(() => {
      if (socket.isClosed) return
      const server = this.at(endpoint)
      if (server === undefined || server.mode === 'refusing') {
        socket.end(Object.assign(new Error(`connect ECONNREFUSED ${endpoint}`), { code: 'ECONNREFUSED' }))
        return
      }
      socket.onReceive = (bytes) => {
        if (server.mode !== 'up') return
        const names = decodeInfoRequest(ByteReader.over(bytes.subarray(FRAME_HEADER_BYTES)))
        const out = new ByteWriter(1024)
        encodeInfoReply(out, server.answer(names))
        const answer = out.written().slice()
        process.nextTick(() => socket.deliver(answer))
      }
      socket.open()
    })
    return socket
  }

  /** Connections that are open, by endpoint and number. */
  get openCount(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { endpoint, socket } of this.sockets) {
      if (!socket.isClosed) counts[endpoint] = (counts[endpoint] ?? 0) + 1
    }
    return counts
  }

  /** The servers behind the endpoint are gone: connections break. */
  cut(endpoint: Endpoint): void {
    for (const { endpoint: other, socket } of this.sockets) {
      if (other === endpoint.toString()) socket.end(new Error('read ECONNRESET'))
    }
  }

  /** Opens a client of this cluster; time passes by itself meanwhile. */
  async connect(
    seeds: readonly Endpoint[],
    options: Partial<TenderOptions> = {},
    signal?: AbortSignal,
  ): Promise<Cluster> {
    let isDone = false
    const opened = Cluster.open(
      {
        seeds,
        userAgent: { client: 'aero-0.0.0', application: undefined },
        clock: this.clock,
        opener: this,
        random: () => 0,
        ...options,
      },
      signal,
    ).finally(() => {
      isDone = true
    })
    opened.catch(() => undefined)
    // Three turns carry a question and its answer; only when they bring nothing is it time that is waited for.
    for (let idle = 0; !isDone; idle++) {
      if (idle % 12 === 11) await this.clock.advanceAsync(10)
      else await settled()
    }
    return opened
  }

  /** Lets time pass, slowly enough for questions to be answered between. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms
    do {
      await this.clock.advanceAsync(Math.min(50, end - this.clock.now()))
      for (let turn = 0; turn < 12; turn++) await settled()
    } while (this.clock.now() < end)
  }
}
