// Reads, writes and counts on a cluster for a while and prints a line per second, so that nodes can be stopped, paused and
// started under it by hand. At the end every counter must lie between what was confirmed and that plus what is in doubt.
//
//   soak SEEDS [SECONDS] [NAMESPACE]
import { AerospikeError, ClusterDefinition, DataSet } from '@aero/async'
import type { Key } from '@aero/codec'

const [seeds = '127.0.0.1:3000', seconds = '30', namespace = 'test'] = process.argv.slice(2)
const RECORDS = 500
const WIDTH = 16

const cluster = await new ClusterDefinition({ hosts: seeds }).connect()
const session = cluster.createSession()
const dataSet = DataSet.of(namespace, `soak-${process.pid}`)

class Kind {
  readonly name: string
  readonly operate: (key: Key) => Promise<void>
  done = 0
  failed = 0
  slowestMs = 0
  readonly reasons = new Map<string, number>()

  constructor(name: string, operate: (key: Key) => Promise<void>) {
    this.name = name
    this.operate = operate
  }

  async run(key: Key): Promise<void> {
    const started = performance.now()
    try {
      await this.operate(key)
      this.done++
    } catch (error) {
      this.failed++
      const reason = AerospikeError.is(error)
        ? `${error.codeName}${error.inDoubt ? ' in doubt' : ''}`
        : String(error)
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
    }
    this.slowestMs = Math.max(this.slowestMs, performance.now() - started)
  }

  /** What happened since it was asked last. */
  report(): string {
    const text = `${this.name} ${this.done} ok ${this.failed} failed, slowest ${Math.round(this.slowestMs)} ms`
    total.done += this.done
    total.failed += this.failed
    this.done = 0
    this.failed = 0
    this.slowestMs = 0
    return text
  }
}

const total = { done: 0, failed: 0 }
const values = Array.from({ length: RECORDS }, (_, index) => dataSet.id(`value-${index}`))
const counters = Array.from({ length: RECORDS }, (_, index) => dataSet.id(`counter-${index}`))
const confirmed = new Map<Key, number>()
const doubtful = new Map<Key, number>()
const more = (map: Map<Key, number>, key: Key): unknown => map.set(key, (map.get(key) ?? 0) + 1)

await Promise.all(values.map((key) => session.put(key, { value: 1 })))
await Promise.all(counters.map((key) => session.put(key, { count: 0 })))

const reads = new Kind('reads', async (key) => {
  if ((await session.get(key)) === undefined) throw new Error('a record is missing')
})
const puts = new Kind('puts', (key) => session.put(key, { value: Math.random() }))
const adds = new Kind('adds', async (key) => {
  try {
    await session.upsert(key).bin('count').add(1).execute()
    more(confirmed, key)
  } catch (error) {
    if (AerospikeError.is(error) && error.inDoubt) more(doubtful, key)
    throw error
  }
})

const end = performance.now() + Number(seconds) * 1000
async function work(kind: Kind, keys: readonly Key[], first: number): Promise<void> {
  for (let next = first; performance.now() < end; next += 7) await kind.run(keys[next % keys.length] as Key)
}

const printing = setInterval(() => {
  const nodes = cluster.nodes().map((node) => node.name)
  console.log(
    `${new Date().toISOString().slice(11, 19)} ${nodes.join(' ')} | ${[reads, puts, adds].map((kind) => kind.report()).join(' | ')}`,
  )
}, 1000)
const workers: Promise<void>[] = []
for (let index = 0; index < WIDTH; index++) {
  workers.push(work(reads, values, index), work(puts, values, index), work(adds, counters, index))
}
await Promise.all(workers)
clearInterval(printing)

let lost = 0
let twice = 0
let missing = 0
for (const key of counters) {
  const count = (await session.get(key))?.bins['count'] as number | undefined
  const sure = confirmed.get(key) ?? 0
  if (count === undefined) missing++
  else if (count < sure) lost++
  else if (count > sure + (doubtful.get(key) ?? 0)) twice++
}
for (const key of [...values, ...counters]) await session.delete(key).execute()
for (const kind of [reads, puts, adds]) {
  kind.report()
  console.log(kind.name, 'failures:', Object.fromEntries(kind.reasons))
}
const { retries } = cluster.stats()
console.log(
  `${total.done} done, ${total.failed} failed, ${retries} retries; counters: ${missing} missing, ${lost} too low, ${twice} too high`,
)
await cluster.close()
