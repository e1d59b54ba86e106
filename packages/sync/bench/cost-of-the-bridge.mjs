// node packages/sync/bench/cost-of-the-bridge.mjs host:port: what a blocking call costs, part by part, after a build. Medians of
// interleaved rounds, in brackets the least and the most, microseconds per round trip. As root, idle processors are kept awake: on
// virtual machines one costs milliseconds to get back.
import { readSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { ClusterDefinition, DataSet } from '@aero/async'
import { keepProcessorsAwake } from '@aero/build/measure'
import { ByteWriter, encodeRecordRequest, INFO1 } from '@aero/codec'
import { ClusterDefinition as BlockingDefinition } from '../dist/index.js'

const [host = '127.0.0.1', port = '3000'] = (process.argv[2] ?? '').split(':')
const ROUNDS = 11
const CALLS = 2000

/** A thread that answers each ring of a bell, asleep in between, in one of two ways. */
function echo(how) {
  const bells = new Int32Array(new SharedArrayBuffer(8))
  const code = `
    const { parentPort, workerData: bells } = require('node:worker_threads')
    // Waiting alone does not keep the thread.
    parentPort.on('message', () => undefined)
    const answer = () => { Atomics.add(bells, 1, 1); Atomics.notify(bells, 1) }
    if (${how === 'wait'}) for (let seen = 0; ; seen++) { Atomics.wait(bells, 0, seen); answer() }
    else (async () => {
      for (let seen = 0; ; seen++) {
        const wait = Atomics.waitAsync(bells, 0, seen)
        if (wait.async) await wait.value
        answer()
      }
    })()`
  new Worker(code, { eval: true, workerData: bells }).unref()
  return () => {
    const seen = bells[1]
    Atomics.add(bells, 0, 1)
    Atomics.notify(bells, 0)
    Atomics.wait(bells, 1, seen)
  }
}

/** One request on a blocking descriptor, by a field that Node keeps for itself: what could be gained, and cannot be kept in time. */
async function bareDescriptor(key) {
  const socket = connect({ host, port: Number(port), noDelay: true })
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.pause()
  const { fd } = socket._handle
  socket._handle.readStop()
  socket._handle.setBlocking(true)
  const out = new ByteWriter(256)
  encodeRecordRequest(out, requestOf(key))
  const request = out.take()
  const answer = new Uint8Array(4096)
  return () => {
    writeSync(fd, request)
    if (readSync(fd, answer) < 30 || answer[13] !== 0)
      throw new Error('the server has not answered with the record')
  }
}

const requestOf = (key) => ({
  key,
  info1: INFO1.read | INFO1.getAll,
  info2: 0,
  info3: 0,
  info4: 0,
  generation: 0,
  expiration: 0,
  timeoutMs: 1000,
  filter: undefined,
  operations: [],
  sendKey: false,
  bins: undefined,
  binNames: undefined,
})

console.log(
  keepProcessorsAwake()
    ? 'idle processors were kept awake'
    : 'idle processors were not kept awake: run it as root',
)
const awaited = await new ClusterDefinition({ hosts: `${host}:${port}` }).connect()
const blocking = new BlockingDefinition({ hosts: `${host}:${port}` }).connect()
const key = DataSet.of('test', 'bridge-cost').id(1)
const awaitedSession = awaited.createSession()
const blockingSession = blocking.createSession()
blockingSession.put(key, { a: 1 })

const contestants = new Map([
  ['two threads in Atomics.wait', echo('wait')],
  ['a thread woken by Atomics.waitAsync', echo('waitAsync')],
  ['get, asynchronous', () => awaitedSession.get(key)],
  ['get, blocking', () => blockingSession.get(key)],
])
try {
  contestants.set('a bare descriptor, unsafe', await bareDescriptor(key))
} catch (error) {
  console.log(`no bare descriptor here: ${error.message}`)
}

const figures = new Map([...contestants.keys()].map((name) => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, call] of contestants) {
    const startedAt = performance.now()
    if (name === 'get, asynchronous') for (let index = 0; index < CALLS; index++) await call()
    else for (let index = 0; index < CALLS; index++) call()
    // The first round warms up.
    if (round > 0) figures.get(name).push(((performance.now() - startedAt) * 1000) / CALLS)
  }
}
for (const [name, all] of figures) {
  all.sort((one, other) => one - other)
  const [least, median, most] = [all[0], all[ROUNDS >> 1], all[ROUNDS - 1]].map((each) => each.toFixed(1))
  console.log(`${name.padEnd(38)} ${median} µs  (${least} … ${most})`)
}
blocking.close()
await awaited.close()
process.exit()
