// Reads, writes, counts and reads batches with 64 commands in flight, and checks every answer. Without seeds on a dev server of five
// nodes of its own, one of which goes, comes, moves or stalls again and again; with seeds on a real cluster, whose nodes a program stops, kills,
// pauses and starts that is called with one of these words and the number of a node, or somebody by hand. Ends with code 1 when an
// acknowledged write was lost, a wrong record was given, an error was none of the documented kinds, or sockets, timers or memory grew beyond
// their bounds.
//
// A real node that was paused believes for a moment that it is still the master, and gives what it had: an available namespace promises no
// more. With seeds an old value is therefore read again until the cluster has settled, and only counted when the right one is there then.
// And writes are not repeated there: a real node may carry out a first attempt that waited in it after the repetition and whatever came later,
// which is how repeated writes are, and no write lost.
//
// Nor does such a namespace promise to keep what was acknowledged by others while a node was paused: see "When a node stands still" in
// docs/guides/errors.md. What is lost so is counted by itself (`lostToPauses`). Everything else is a violation: to have lost what had been
// acknowledged before the pause began or after the cluster was whole again, or at a change of any other kind.
//
//   soak [--seconds 30] [--every 1000] [--namespace test] [--seed N] [--seeds host:port,… [--control PROGRAM [--changes stop,kill,pause]]]
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AerospikeError, ClusterDefinition, type ClusterEvents, DataSet } from '@aero/async'
import { readOrExit, readWords } from '@aero/build/command-line'
import { OPTIONS, USAGE } from '@aero/build/soak-options'
import { type Key, RESULT_CODE } from '@aero/codec'
import { Behavior } from '@aero/config'
import { type DevServer, type DevServerNode, startDevServer } from '@aero/devserver'
import { seededRandom } from '@aero/testkit'
import { parseChanges, RealNodes, UNDONE_BY } from '../support/real-nodes.ts'

const { values: words } = readOrExit('soak', USAGE, () => readWords(process.argv.slice(2), OPTIONS))
const IN_FLIGHT = 64
const KEYS_EACH = 8
const NODES = 5
/** So many nodes may be away at once: with two copies of everything, one more and records were lost by right. */
const MOST_AWAY = 1
/** So long after the last change every record must be readable again. */
const SETTLING_MS = 20_000
/** So long a real node is paused: from about when the others take over from it to well after that. */
const PAUSE_MS = { least: 1600, most: 6000 }
/** So long a real cluster may take until it is whole and nothing moves. */
const MOST_SETTLING_MS = 60_000

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
let violationCount = 0
const figures = {
  commands: 0,
  checkedReads: 0,
  failures: 0,
  inDoubt: 0,
  staleReads: 0,
  changes: 0,
  pauses: 0,
  lostToPauses: { records: 0, writes: 0 },
  mostSockets: 0,
  mostTimers: 0,
}
const reasons = new Map<string, number>()
const events = new Map<string, number>()
const count = (map: Map<string, number>, name: string): unknown => map.set(name, (map.get(name) ?? 0) + 1)

function violated(what: string): void {
  violationCount++
  if (violations.length < 20) violations.push(what)
}

/** The last pause of a real node, until the cluster was whole again. */
const pause = { isOver: true, endedAt: Number.NEGATIVE_INFINITY }

/**
 * What was acknowledged of one record, and what of it a pause may cost: nothing that was acknowledged before the pause, and nothing that was
 * acknowledged after the cluster was whole again.
 */
class Acknowledged {
  #last = 0
  #at = Number.NEGATIVE_INFINITY
  #beforePause = 0

  get last(): number {
    return this.#last
  }

  set last(last: number) {
    this.#last = last
    this.#at = performance.now()
  }

  pauseBegins(): void {
    this.#beforePause = this.#last
  }

  /** Whether the pause has cost what is missing; if so it counts as never acknowledged from now on. */
  isLostToPause(found: number): boolean {
    if (found < this.#beforePause || found >= this.#last) return false
    if (pause.isOver && this.#at > pause.endedAt) return false
    figures.lostToPauses.records++
    figures.lostToPauses.writes += this.#last - found
    this.#last = found
    return true
  }
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
  readonly acknowledged = new Acknowledged()
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
      this.acknowledged.last = sequence
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
    if (isLast || words.seeds === undefined) this.#lost(problem, bins)
    else await this.#lookAgain(problem)
  }

  #lost(problem: string, bins: object | undefined): void {
    const { id, sequence } = (bins ?? {}) as { readonly id?: unknown; readonly sequence?: number }
    if (id !== this.id || sequence === undefined) {
      violated(problem)
      return
    }
    const before = this.acknowledged.last
    if (!this.acknowledged.isLostToPause(sequence)) {
      violated(problem)
      // Told once.
      this.acknowledged.last = sequence
    }
    // Until the nodes have told each other, what was lost may be there again.
    else for (let lost = sequence + 1; lost <= before; lost++) this.#doubtful.add(lost)
  }

  #problemOf(bins: object | undefined): string | undefined {
    const { id, sequence } = (bins ?? {}) as { readonly id?: unknown; readonly sequence?: number }
    if (id !== this.id) return `${this.id}: read ${bins === undefined ? 'nothing' : JSON.stringify(bins)}`
    const { last } = this.acknowledged
    return sequence === last || this.#doubtful.has(sequence as number)
      ? undefined
      : `${this.id}: write ${last} was acknowledged, ${sequence} was read`
  }

  /** Nobody else writes the record, so what was lost stays lost, and what was only old is right when the cluster has settled. */
  async #lookAgain(first: string): Promise<void> {
    let problem = first
    let bins: object | undefined
    const settled = performance.now() + SETTLING_MS
    while (performance.now() < settled || !pause.isOver) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      try {
        bins = (await session.get(this.key))?.bins
        const still = this.#problemOf(bins)
        if (still === undefined) {
          figures.staleReads++
          return
        }
        problem = still
      } catch (error) {
        failed(error, `get ${this.id}`)
      }
    }
    this.#lost(problem, bins)
  }
}

/** A record that is counted up: what it counts must lie between what was confirmed and that plus what is in doubt. */
class Counter {
  readonly key: Key
  readonly acknowledged = new Acknowledged()
  #doubtful = 0

  constructor(key: Key) {
    this.key = key
  }

  async add(): Promise<void> {
    try {
      const rows = await session.upsert(this.key).bin('count').add(1).bin('count').get().execute()
      const found = countOf((await rows.firstOrThrow()).record?.bins)
      this.#compare(found, this.acknowledged.last + 1)
      this.acknowledged.last++
    } catch (error) {
      if (failed(error, 'add')) this.#doubtful++
    }
  }

  check(bins: object | undefined): void {
    this.#compare(countOf(bins), this.acknowledged.last)
  }

  /** @param confirmed what was added for certain: with all before it and, where it has just been added to, with that */
  #compare(found: number, confirmed: number): void {
    const justAdded = confirmed - this.acknowledged.last
    const missing = confirmed - found
    if (missing > 0) {
      // Until the nodes have told each other, what was lost may be there again.
      if (this.acknowledged.isLostToPause(found - justAdded)) this.#doubtful += missing
      else {
        violated(`${this.key}: a counter lost additions: ${found} of ${confirmed}`)
        this.acknowledged.last = found - justAdded
      }
    } else if (-missing > this.#doubtful) {
      violated(`${this.key} was counted up twice: ${found} of ${confirmed} and ${this.#doubtful} in doubt`)
      this.#doubtful = -missing
    }
  }
}

function countOf(bins: object | undefined): number {
  return ((bins ?? {}) as { readonly count?: number }).count ?? 0
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

/** One change to a real cluster, and back, until it is whole and nothing moves: only then are there two copies of everything. */
async function changeReal(nodes: RealNodes): Promise<void> {
  const what = random.pick(changes)
  const node = random.int(1, nodes.count)
  figures.changes++
  if (what !== 'pause') {
    await nodes.order(what, node)
    await whole(nodes.count - 1)
    await nodes.order(UNDONE_BY[what], node)
    return await whole(nodes.count)
  }
  figures.pauses++
  pause.isOver = false
  for (const { acknowledged } of [...records, ...counters]) acknowledged.pauseBegins()
  await nodes.order(what, node)
  await new Promise((resolve) => setTimeout(resolve, random.int(PAUSE_MS.least, PAUSE_MS.most)))
  await nodes.order(UNDONE_BY[what], node)
  await whole(nodes.count)
  pause.isOver = true
  pause.endedAt = performance.now()
}

/** Waits until the client and all of so many nodes see the same cluster, in which no partition moves. */
async function whole(count: number): Promise<void> {
  const until = performance.now() + MOST_SETTLING_MS
  let times = 0
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    times = (await isWhole(count)) ? times + 1 : 0
    // Nodes that have not noticed yet agree, too.
    if (times === 4) return
  }
  violated(`no whole cluster of ${count} nodes after ${MOST_SETTLING_MS} ms`)
}

async function isWhole(count: number): Promise<boolean> {
  if (cluster.nodes().length !== count) return false
  try {
    const info = session.info()
    const sizes = [...(await info.infoOnAllNodes('statistics')).values()]
    return (
      sizes.every((answer) => answer.includes(`cluster_size=${count};`)) && (await info.isClusterStable())
    )
  } catch {
    return false
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
const real = words.control === undefined ? undefined : new RealNodes(words.control, cluster.nodes().length)
const changes = parseChanges(words.changes)
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
let isChurning = server !== undefined || real !== undefined
const churn = (async () => {
  while (isChurning) {
    await new Promise((resolve) => setTimeout(resolve, Number(words.every)))
    if (!isChurning) break
    if (server !== undefined) await change(server)
    else if (real !== undefined) await changeReal(real)
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
console.log(violationCount === 0 ? 'all is well' : `${violationCount} violations`)
process.exitCode = violationCount === 0 ? 0 : 1
