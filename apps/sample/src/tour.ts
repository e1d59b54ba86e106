import {
  AerospikeError,
  type Cluster,
  ClusterDefinition,
  GenerationError,
  RecordExistsError,
  SerializeError,
} from '@aero/sdk'
import { type Guest, greeting, newGuest } from './domain/guest.ts'
import { claim, type Step, type StepOutcome } from './steps.ts'
import { GuestBook } from './storage/guest-book.ts'

/** Where the tour takes place. */
export interface Place {
  /** One address of the cluster; the others are found. */
  readonly seed: string
  readonly namespace: string
  /** Name of the set: one that nobody else uses. */
  readonly setName: string
  /** Ends the node of this name, and starts it again, where the cluster is ours to do so. */
  readonly killNode: ((name: string) => Promise<void>) | undefined
  readonly restartNode: ((name: string) => Promise<void>) | undefined
}

const GUESTS: readonly Guest[] = [
  newGuest('alice', 'Alice', { interests: ['maps', 'tea'], address: { city: 'Rome', country: 'Italy' } }),
  newGuest('bob', 'Bob', { interests: [], address: { city: 'Oslo', country: 'Norway' } }),
  newGuest('chen', 'Chén', { interests: ['日本語', '🚀'], address: { city: 'Taipei', country: 'Taiwan' } }),
]

const READS_DURING_FAILURE = 2000
const LOOK_EVERY_MS = 100

/** The steps that show what the client does, each of which also checks it. */
export class Tour implements AsyncDisposable {
  readonly #place: Place
  #cluster: Cluster | undefined
  #book: GuestBook | undefined

  constructor(place: Place) {
    this.#place = place
  }

  /** The steps, in their order. Each needs those before it. */
  steps(): Step[] {
    const { killNode } = this.#place
    return [
      { title: 'connect with one seed', run: () => this.#connect() },
      { title: 'write three guests', run: () => this.#write() },
      { title: 'read them back', run: () => this.#read() },
      { title: 'insert one again', run: () => this.#insertAgain() },
      { title: 'update one bin', run: () => this.#update() },
      { title: 'add, append and read at once', run: () => this.#visit() },
      { title: 'two writers, one generation', run: () => this.#conflict() },
      { title: 'a value that cannot be stored', run: () => this.#refuse() },
      { title: 'a record that expires', run: () => this.#expire() },
      {
        title: 'a node dies under load',
        run: () => this.#survive(),
        ...(killNode === undefined ? { skip: 'nodes of a real cluster are not ours to kill' } : {}),
      },
      { title: 'a call that is aborted', run: () => this.#abort() },
      { title: 'delete the guests', run: () => this.#delete() },
    ]
  }

  /** Removes what a failed step may have left, and closes the cluster. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      for (const { id } of GUESTS) {
        await this.#book?.remove(id)
        await this.#book?.revokePass(id)
      }
    } finally {
      await this.#cluster?.close()
    }
  }

  get #open(): { cluster: Cluster; book: GuestBook } {
    const [cluster, book] = [this.#cluster, this.#book]
    if (cluster === undefined || book === undefined) throw new Error('there is no connection to the cluster')
    return { cluster, book }
  }

  #nodeOf(id: string): string {
    const { cluster, book } = this.#open
    return cluster.nodeOf(book.keyOf(id))?.name ?? '?'
  }

  #nodesOf(guests: readonly Guest[]): string {
    return [...new Set(guests.map(({ id }) => this.#nodeOf(id)))].sort().join(' ')
  }

  async #connect(): Promise<StepOutcome> {
    const { seed, namespace, setName } = this.#place
    const cluster = await new ClusterDefinition({ hosts: seed }).withAppId('aero-sample').connect()
    this.#cluster = cluster
    this.#book = new GuestBook(cluster.createSession(), namespace, setName)
    const nodes = cluster.nodes()
    return { where: seed, what: `found ${nodes.map((node) => `${node.name} (${node.build})`).join(', ')}` }
  }

  async #write(): Promise<StepOutcome> {
    const { book } = this.#open
    await Promise.all(GUESTS.map((guest) => book.add(guest)))
    const places = GUESTS.map(({ id }) => `${id} → ${this.#nodeOf(id)}`)
    return { where: this.#nodesOf(GUESTS), what: places.join(', ') }
  }

  async #read(): Promise<StepOutcome> {
    const { book } = this.#open
    const found = await Promise.all(GUESTS.map(({ id }) => book.find(id)))
    const read = found.map((stored) => JSON.stringify(stored?.guest, sortedKeys))
    const written = GUESTS.map((guest) => JSON.stringify(guest, sortedKeys))
    claim(read.join() === written.join(), `read ${read.join()} instead of ${written.join()}`)
    return { where: this.#nodesOf(GUESTS), what: `all as written: “${greeting(GUESTS[0] as Guest)}”` }
  }

  async #insertAgain(): Promise<StepOutcome> {
    const error = await this.#failureOf(() => this.#open.book.add(GUESTS[0] as Guest))
    claim(error instanceof RecordExistsError, `it failed with ${error.name}`)
    return { where: this.#nodeOf('alice'), what: `${error.name}: ${error.codeName} (${error.code})` }
  }

  async #update(): Promise<StepOutcome> {
    const { book } = this.#open
    await book.rename('alice', 'Alice Rossi')
    const stored = await book.find('alice')
    claim(stored?.guest.name === 'Alice Rossi', 'the name is not the new one')
    claim(stored.guest.address.city === 'Rome', 'the other bins did not stay')
    return { where: this.#nodeOf('alice'), what: `generation ${stored.generation}, the other bins stay` }
  }

  async #visit(): Promise<StepOutcome> {
    const { book } = this.#open
    const counts = [await book.visit('alice', 'lovely garden'), await book.visit('alice', 'more tea, please')]
    const log = (await book.find('alice'))?.guest.log
    claim(counts.join() === '1,2', `the counts were ${counts.join()}`)
    claim(log === 'lovely garden\nmore tea, please\n', `the log is ${JSON.stringify(log)}`)
    return {
      where: this.#nodeOf('alice'),
      what: `visits ${counts.join(', then ')}; log ${JSON.stringify(log)}`,
    }
  }

  async #conflict(): Promise<StepOutcome> {
    const { book } = this.#open
    const [mine, theirs] = [await book.find('bob'), await book.find('bob')]
    claim(mine !== undefined && theirs !== undefined, 'bob is not there')
    await book.replace({ ...theirs, guest: { ...theirs.guest, interests: ['chess'] } })
    const error = await this.#failureOf(() =>
      book.replace({ ...mine, guest: { ...mine.guest, name: 'Robert' } }),
    )
    claim(error instanceof GenerationError, `the second writer got ${error.name}`)
    const times = await Promise.all(
      ['skiing', 'stars', 'trains'].map((interest) =>
        book.change('bob', (guest) => ({ ...guest, interests: [...guest.interests, interest] })),
      ),
    )
    const interests = (await book.find('bob'))?.guest.interests ?? []
    claim(interests.length === 4, `some interests are lost: ${interests.join()}`)
    const tries = times.reduce((sum, count) => sum + count, 0)
    return { where: this.#nodeOf('bob'), what: `${error.name}, then 3 changes in ${tries} tries, none lost` }
  }

  async #refuse(): Promise<StepOutcome> {
    const { book } = this.#open
    const before = await book.find('chen')
    const bad = { city: 'Taipei', country: new Date(0) as unknown as string }
    const error = await this.#failureOf(() => book.change('chen', (guest) => ({ ...guest, address: bad })))
    claim(error instanceof SerializeError, `it failed with ${error.name}`)
    const after = await book.find('chen')
    claim(before?.generation === after?.generation, 'the record has changed')
    const reason = error.cause instanceof Error ? error.cause.message : error.message
    return { where: 'here', what: `${error.name}: ${reason}; nothing was sent` }
  }

  async #expire(): Promise<StepOutcome> {
    const { book } = this.#open
    await book.issuePass('chen', '1h')
    const anHour = await book.passSeconds('chen')
    claim(anHour > 3590 && anHour <= 3600, `the pass is good for ${anHour} s`)
    await book.issuePass('chen', '1s')
    const started = performance.now()
    while ((await book.passSeconds('chen')) > 0) {
      claim(performance.now() - started < 10_000, 'the pass is still good after 10 s')
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    return {
      where: this.#nodeOf('chen'),
      what: `ttl ${anHour} s; another one of 1 s was gone after ${seconds} s`,
    }
  }

  async #survive(): Promise<StepOutcome> {
    const { cluster, book } = this.#open
    const { killNode, restartNode } = this.#place
    const victim = this.#nodeOf('alice')
    const before = cluster.nodes().length
    let reads = 0
    const killing = killNode?.(victim)
    while (reads < READS_DURING_FAILURE) {
      const found = await Promise.all(GUESTS.map(({ id }) => book.find(id)))
      claim(!found.includes(undefined), `a guest was not found after ${reads} reads`)
      reads += found.length
    }
    await killing
    await until(() => cluster.nodes().length === before - 1, `the client still uses ${victim}`)
    const visits = await book.visit('alice', 'somewhat dark in here')
    const newHome = this.#nodeOf('alice')
    claim(newHome !== victim && newHome !== '?', `alice is still on ${victim}`)
    await restartNode?.(victim)
    await until(() => cluster.nodes().length === before, `${victim} is not back`)
    const retries = cluster.stats().retries
    return {
      where: `${victim} → ${newHome}`,
      what: `${reads} reads, none failed (${retries} retried); visit ${visits} went to ${newHome}; ${victim} is back`,
    }
  }

  async #abort(): Promise<StepOutcome> {
    const controller = new AbortController()
    const session = this.#open.cluster.createSession()
    const call = session.get(this.#open.book.keyOf('alice'), undefined, { signal: controller.signal })
    controller.abort()
    const error = await this.#failureOf(() => call)
    claim(error.name === 'AbortError', `it failed with ${error.name}`)
    return { where: 'here', what: `${error.name}, in doubt: ${error.inDoubt}` }
  }

  async #delete(): Promise<StepOutcome> {
    const { book } = this.#open
    const where = this.#nodesOf(GUESTS)
    const removed = await Promise.all(GUESTS.map(({ id }) => book.remove(id)))
    claim(removed.every(Boolean), 'a guest was not there')
    const left = await Promise.all(GUESTS.map(({ id }) => book.has(id)))
    claim(!left.includes(true), 'a guest is still there')
    claim(!(await book.remove('alice')), 'alice was there twice')
    return { where, what: `${removed.length} removed; asked again, none is there` }
  }

  /** The error of an attempt that is meant to fail. */
  async #failureOf(attempt: () => Promise<unknown>): Promise<AerospikeError> {
    try {
      await attempt()
    } catch (error) {
      if (error instanceof AerospikeError) return error
      throw error
    }
    throw new Error('it succeeded, which it should not')
  }
}

async function until(isSo: () => boolean, otherwise: string): Promise<void> {
  const started = performance.now()
  while (!isSo()) {
    claim(performance.now() - started < 10_000, `${otherwise} after 10 s`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** For `JSON.stringify`: maps come back from the server sorted by key. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
