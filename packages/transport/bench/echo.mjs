// Exchanges per second, and CPU per exchange, of the transport alone, against a trivial server in another process; beside the
// floor: pre-encoded requests on raw sockets, frame lengths only, with the same connections and the same depth.
//
//   pnpm build && node packages/transport/bench/echo.mjs [seconds per run = 1]
import { fork } from 'node:child_process'
import { connect } from 'node:net'
import { DeadlineWatch, Endpoint, Exchange, Pool, systemClock, TcpSocketOpener } from '../dist/index.js'

const REQUEST_BYTES = 90
const seconds = Number(process.argv[2] ?? 1)
const server = fork(new URL('echo-server.mjs', import.meta.url), ['52'], { execArgv: [] })
const port = await new Promise((resolve) => server.once('message', resolve))

const template = new Uint8Array(REQUEST_BYTES)
template.set([2, 3, 0, 0, 0, 0, 0, REQUEST_BYTES - 8])

class Echo extends Exchange {
  resolve = undefined
  encode(out) {
    out.copy(template)
  }
  receive(_type, body) {
    this.resolve(body.u8())
    return true
  }
  fail(failure) {
    console.error(failure)
    process.exit(1)
  }
}

function measure(operations) {
  const start = performance.now()
  const cpu = process.cpuUsage()
  return (count = operations()) => {
    const { user, system } = process.cpuUsage(cpu)
    const elapsed = performance.now() - start
    return { rate: (count / elapsed) * 1000, cpuMicros: (user + system) / count }
  }
}

async function aero(inFlight, options) {
  const clock = systemClock
  const watch = new DeadlineWatch(clock)
  const pool = new Pool({
    endpoint: new Endpoint('127.0.0.1', port),
    opener: new TcpSocketOpener(),
    clock,
    watch,
    ...options,
  })
  await pool.warm(1)
  let count = 0
  let stopped = false
  const worker = async () => {
    while (!stopped) {
      const echo = new Echo()
      echo.deadline = clock.now() + 1000
      await new Promise((resolve) => {
        echo.resolve = resolve
        pool.submit(echo)
      })
      count++
    }
  }
  const workers = Array.from({ length: inFlight }, worker)
  await new Promise((resolve) => setTimeout(resolve, 300))
  count = 0
  const end = measure(() => count)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const result = end()
  const { connections } = pool.stats()
  stopped = true
  await Promise.all(workers)
  pool.close()
  return { ...result, connections }
}

async function floor(inFlight, connections) {
  let count = 0
  let stopped = false
  const perConnection = Math.max(1, Math.round(inFlight / connections))
  const request = Buffer.from(template)
  const requests = Buffer.concat(Array.from({ length: perConnection }, () => request))
  const buffer = new Uint8Array(64 * 1024)
  const sockets = Array.from({ length: connections }, () => {
    let need = 0
    const socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          need += length
          const answers = Math.floor(need / 60)
          need -= answers * 60
          count += answers
          if (!stopped && answers > 0)
            process.nextTick(() => socket.write(requests.subarray(0, answers * REQUEST_BYTES)))
          return true
        },
      },
    })
    socket.on('connect', () => socket.write(requests))
    return socket
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  count = 0
  const end = measure(() => count)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const result = end()
  stopped = true
  for (const socket of sockets) socket.destroy()
  return { ...result, connections }
}

const line = (name, inFlight, { rate, cpuMicros, connections }) =>
  console.log(
    `${name.padEnd(22)} ${String(inFlight).padStart(5)} in flight ${Math.round(rate).toString().padStart(8)}/s ${cpuMicros.toFixed(2).padStart(7)} µs CPU  ${connections} connections`,
  )

for (const inFlight of [1, 8, 64, 256, 1024]) {
  for (let round = 0; round < 2; round++) {
    const auto = await aero(inFlight, {})
    line('aero', inFlight, auto)
    line('aero, 1 shared', inFlight, await aero(inFlight, { sharedConnections: 1 }))
    line('aero, 2 shared', inFlight, await aero(inFlight, { sharedConnections: 2 }))
    if (inFlight <= 64) line('aero, exclusive', inFlight, await aero(inFlight, { pipelining: 'off' }))
    line('floor', inFlight, await floor(inFlight, Math.min(inFlight, auto.connections)))
  }
}
server.disconnect()
