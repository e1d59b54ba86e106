// Reads, writes, counts and reads batches with 64 commands in flight, and checks every answer. Without seeds on a dev server of five
// nodes of its own, one of which goes, comes, moves or stalls again and again; with seeds on a cluster whose nodes are stopped, paused and
// started by hand. Ends with code 1 when an acknowledged write was lost, a wrong record was given, an error was none of the documented
// kinds, or sockets, timers or memory grew beyond their bounds.
//
// A real node that was paused believes for a moment that it is still the master, and gives what it had: an available namespace promises no
// more. With seeds an old value is therefore read again until the cluster has settled, and only counted when the right one is there then.
// And writes are not repeated there: a real node may carry out a first attempt that waited in it after the repetition and whatever came later,
// which is how repeated writes are, and no write lost.
//
//   soak [--seconds 30] [--every 1000] [--seeds host:port,…] [--namespace test] [--seed N]
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AerospikeError, ClusterDefinition, type ClusterEvents, DataSet } from '@aero/async'
import { type Key, RESULT_CODE } from '@aero/codec'
import { Behavior } from '@aero/config'
import { type DevServer, type DevServerNode, startDevServer } from '@aero/devserver'
import { seededRandom } from '@aero/testkit'

const { values: words } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    every: { type: 'string', default: '1000' },
    seeds: { type: 'string' },
    namespace: { type: 'string', default: 'test' },
    seed: { type: 'string' },
  },
})
const IN_FLIGHT = 64
const KEYS_EACH = 8
const NODES = 5
/** So many nodes may be away at once: with two copies of everything, one more and records were lost by right. */
const MOST_AWAY = 1
/** So long after the last change every record must be readable again. */
const SETTLING_MS = 20_000

/** What may happen to commands while nodes come and go. */
const DOCUMENTED: ReadonlySet<number> = new Set([
  RESULT_CODE.TIMEOUT,
  RESULT_CODE.SERVER_NOT_AVAILABLE,
  RESULT_CODE.MAX_ERROR_RATE,
  RESULT_CODE.INVALID_NODE_ERROR,
  RESULT_CODE.PARTITION_UNAVAILABLE,
])
/** Bounds, for the whole process: client and dev server together. */
const BOUNDS = { sockets: 2 * NODES * IN_FLIGHT, timers: 64, heapMiB: 24 } as const

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const random = seededRandom(words.seed === undefined ? undefined : Number(words.seed))

// ---- what is checked

const violations: string[] = []
const figures = {
  commands: 0,
  checkedReads: 0,
  failures: 0,
  inDoubt: 0,
  staleReads: 0,
  changes: 0,
  mostSockets: 0,
  mostTimers: 0,
}
const reasons = new Map<string, number>()
const events = new Map<string, number>()
const count = (map: Map<string, number>, name: string): unknown => map.set(name, (map.get(name) ?? 0) + 1)

function violated(what: string): void {
  if (violations.length < 20) violations.push(what)
}

/** Says whether the outcome of what failed is in doubt. */
function failed(error: unknown, what: string): boolean {
  figures.failures++
  if (!AerospikeError.is(error) || !DOCUMENTED.has(error.code)) {
    violated(`${what}: an error of no documented kind: ${error}`)
    return true
  }
  count(reasons, error.inDoubt ? `${error.codeName} in doubt` : error.codeName)
  if (error.inDoubt) figures.inDoubt++
  return error.inDoubt
}

/** A record that one worker writes, so that it knows what may stand in it. */
class Value {
  readonly key: Key
  readonly id: string
  /** The last write that was acknowledged. */
  #acknowledged = 0
  /** Writes that may have been carried out, at any later time. */
  readonly #doubtful = new Set<number>()
  #next = 1

  constructor(key: Key, id: string) {
    this.key = key
    this.id = id
  }

  async write(): Promise<void> {
    const sequence = this.#next++
    try {
      await session.put(this.key, { id: this.id, sequence })
      this.#acknowledged = sequence
    } catch (error) {
      if (failed(error, `put ${this.id}`)) this.#doubtful.add(sequence)
    }
  }

  async read(): Promise<void> {
    try {
      await this.check((await session.get(this.key))?.bins)
    } catch (error) {
      failed(error, `get ${this.id}`)
    }
  }

  /** @param isLast nothing changes any more: what is wrong now stays so */
  async check(bins: object | undefined, isLast = false): Promise<void> {
    figures.checkedReads++
    const problem = this.#problemOf(bins)
    if (problem === undefined) return
    if (isLast || words.seeds === undefined || !(await this.#isRightLater())) violated(problem)
    else figures.staleReads++
  }

  #problemOf(bins: object | undefined): string | undefined {
    const { id, sequence } = (bins ?? {}) as { readonly id?: unknown; readonly sequence?: number }
    if (id !== this.id) return `${this.id}: read ${bins === undefined ? 'nothing' : JSON.stringify(bins)}`
    return sequence === this.#acknowledged || this.#doubtful.has(sequence as number)
      ? undefined
      : `${this.id}: write ${this.#acknowledged} was acknowledged, ${sequence} was read`
  }

  /** Nobody else writes the record, so what was lost stays lost. */
  async #isRightLater(): Promise<boolean> {
    const settled = performance.now() + SETTLING_MS
    while (performance.now() < settled) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      try {
        if (this.#problemOf((await session.get(this.key))?.bins) === undefined) return true
      } catch (error) {
        failed(error, `get ${this.id}`)
      }
    }
    return false
  }
}

/** A record that is counted up: it must lie between what was confirmed and that plus what is in doubt. */
class Counter {
  readonly key: Key
  #confirmed = 0
  #doubtful = 0

  constructor(key: Key) {
    this.key = key
  }

  async add(): Promise<void> {
    try {
      await session.upsert(this.key).bin('count').add(1).execute()
      this.#confirmed++
    } catch (error) {
      if (failed(error, 'add')) this.#doubtful++
    }
  }

  check(bins: { readonly [name: string]: unknown } | undefined): void {
    const found = bins?.['count'] as number | undefined
    if (this.#confirmed === 0 && found === undefined) return
    if (found === undefined || found < this.#confirmed) {
      violated(`a counter lost additions: ${found} of ${this.#confirmed}`)
    } else if (found > this.#confirmed + this.#doubtful) {
      violated(
        `a counter was counted up twice: ${found} of ${this.#confirmed} and ${this.#doubtful} in doubt`,
      )
    }
  }
}

// ---- the churn

/** One change to the membership, an address or a rack. Waits for nothing but the node's own sockets. */
async function change(server: DevServer): Promise<void> {
  const away = server.nodes.filter((node) => !node.isMember)
  figures.changes++
  if (away.length >= MOST_AWAY) {
    const node = away[0] as DevServerNode
    if (node.state === 'paused') node.resume()
    else await node.restart(random.int(0, 1) === 0 ? { port: 0 } : {})
    return
  }
  const node = server.node(random.int(0, server.nodes.length - 1))
  switch (random.int(0, 4)) {
    case 0:
      await node.kill()
      break
    case 1:
      node.pause({ leaves: true })
      break
    case 2:
      await node.restart({ port: 0 })
      break
    case 3:
      node.dropNext(20)
      break
    case 4:
      node.setRack(random.int(0, 3))
  }
}

// ---- resources

interface Resources {
  readonly sockets: number
  readonly timers: number
}

function resourcesNow(): Resources {
  const kinds = process.getActiveResourcesInfo()
  return {
    sockets: kinds.filter((kind) => kind.startsWith('TCP')).length,
    timers: kinds.filter((kind) => kind === 'Timeout').length,
  }
}

function heapMiB(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}

function watch(): void {
  const { sockets, timers } = resourcesNow()
  figures.mostSockets = Math.max(figures.mostSockets, sockets)
  figures.mostTimers = Math.max(figures.mostTimers, timers)
}

// ---- the run

const server = words.seeds === undefined ? await startDevServer({ nodes: NODES }) : undefined
const cluster = await new ClusterDefinition({ hosts: words.seeds ?? server?.seeds ?? '' })
  .withSystemSettings({ tendInterval: '250ms' })
  .connect()
const EVENTS: readonly (keyof ClusterEvents)[] = [
  'node-added',
  'node-removed',
  'node-suspended',
  'node-restarted',
  'disconnected',
]
for (const event of EVENTS) cluster.on(event, () => count(events, event))
const session = cluster.createSession(
  Behavior.DEFAULT.derive('soak', {
    socketTimeout: '1s',
    totalTimeout: '5s',
    ...(words.seeds !== undefined && { writes: { maxRetries: 0 } }),
  }),
)
const dataSet = DataSet.of(words.namespace, `soak-${process.pid}`)
const counters: Counter[] = []
const records: Value[] = []
const until = performance.now() + Number(words.seconds) * 1000

async function work(worker: number): Promise<void> {
  const own = Array.from(
    { length: KEYS_EACH },
    (_, index) => new Value(dataSet.id(`value-${worker}-${index}`), `${worker}-${index}`),
  )
  const counter = new Counter(dataSet.id(`counter-${worker}`))
  records.push(...own)
  counters.push(counter)
  for (const value of own) await value.write()
  for (let step = worker; performance.now() < until; step++) {
    const value = own[step % KEYS_EACH] as Value
    figures.commands++
    if (step % 16 === 0) await readMany(own)
    else if (step % 4 === 0) await counter.add()
    else if (step % 2 === 0) await value.write()
    else await value.read()
  }
}

async function readMany(own: readonly Value[]): Promise<void> {
  const rows = await (await session.query(own.map(({ key }) => key)).execute()).toArray()
  // A record that is not there has no row.
  const missing = new Set(own)
  for (const row of rows) {
    const value = own[row.index] as Value
    missing.delete(value)
    if (row.ok) await value.check(row.record?.bins)
    else failed(row.error, 'batch')
  }
  for (const value of missing) await value.check(undefined)
}

/** What is stored, when the cluster has settled: a node that failed often is not asked again at once. */
async function readSettled(key: Key): Promise<{ readonly [name: string]: unknown } | undefined> {
  for (;;) {
    try {
      return (await session.get(key))?.bins
    } catch (error) {
      if (!AerospikeError.is(error) || !error.retryable || performance.now() >= settled) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

let heapBefore: number | undefined
const started = performance.now()
const watching = setInterval(() => {
  watch()
  // What is kept for good is there by then.
  if (heapBefore === undefined && performance.now() - started > Number(words.seconds) * 250)
    heapBefore = heapMiB()
}, 250)
let isChurning = server !== undefined
const churn = (async () => {
  while (isChurning) {
    await new Promise((resolve) => setTimeout(resolve, Number(words.every)))
    if (server !== undefined && isChurning) await change(server)
  }
})()
const printing = setInterval(() => {
  const nodes = cluster.nodes().map(({ name, port }) => `${name}:${port}`)
  const { sockets, timers } = resourcesNow()
  console.log(
    `${Math.round((performance.now() - started) / 1000)} s: ${figures.commands} commands, ${figures.failures} failed, ${figures.changes} changes, ${sockets} sockets, ${timers} timers, ${nodes.join(' ')}`,
  )
}, 10_000)

await Promise.all(Array.from({ length: IN_FLIGHT }, (_, worker) => work(worker)))
isChurning = false
clearInterval(printing)
await churn
clearInterval(watching)
watch()

// All nodes are there again: now every record must be.
for (const node of server?.nodes ?? []) {
  if (node.state === 'down') await node.restart()
  await node.heal()
}
const settled = performance.now() + SETTLING_MS
while (server !== undefined && cluster.nodes().length < NODES && performance.now() < settled) {
  await new Promise((resolve) => setTimeout(resolve, 50))
}
if (server !== undefined && cluster.nodes().length !== NODES)
  violated(`${cluster.nodes().length} nodes at the end`)
for (const value of records) await value.check(await readSettled(value.key), true)
for (const counter of counters) counter.check(await readSettled(counter.key))
const heapAfter = heapMiB()
const growth = heapAfter - (heapBefore ?? heapAfter)
if (words.seeds !== undefined) {
  for (const { key } of [...records, ...counters]) await session.delete(key).execute()
}
const { connections, retries } = cluster.stats()
await cluster.close()
await server?.close()
// Sockets are closed when their events have been heard.
await new Promise((resolve) => setTimeout(resolve, 100))
const left = resourcesNow()

if (figures.mostSockets > BOUNDS.sockets)
  violated(`${figures.mostSockets} sockets, more than ${BOUNDS.sockets}`)
if (figures.mostTimers > BOUNDS.timers) violated(`${figures.mostTimers} timers, more than ${BOUNDS.timers}`)
if (growth > BOUNDS.heapMiB)
  violated(`${growth.toFixed(1)} MiB more on the heap, more than ${BOUNDS.heapMiB}`)
if (left.sockets > 0) violated(`${left.sockets} sockets are left`)
if (left.timers > 0) violated(`${left.timers} timers are left`)
console.log(
  `figures: ${JSON.stringify({ ...figures, retries, connections, heapGrowthMiB: Number(growth.toFixed(1)), heapMiB: Number(heapAfter.toFixed(1)), left })}`,
)
console.log(`failures: ${JSON.stringify(Object.fromEntries(reasons))}`)
console.log(`events: ${JSON.stringify(Object.fromEntries(events))}`)
for (const violation of violations) console.log(`VIOLATION: ${violation}`)
console.log(violations.length === 0 ? 'all is well' : `${violations.length} violations`)
process.exitCode = violations.length === 0 ? 0 : 1
