import type { IndexDefinition } from '@aero/ael'
import {
  ByteReader,
  type ListedIndex,
  parseIndexList,
  parseInfoError,
  parseInfoPairs,
  readContext,
} from '@aero/codec'
import type { Clock } from '@aero/transport'
import type { InfoClient } from './info-client.ts'

/** So often what is known is renewed while it is used, in milliseconds. */
const REFRESH_MS = 5000

interface Known {
  indexes: readonly IndexDefinition[]
  /** Somebody has asked since the last refresh. */
  isUsed: boolean
  cancelTimer: (() => void) | undefined
}

/**
 * Knows which secondary indexes a cluster has, for choosing among them. It asks when it is asked first, and then every five seconds for
 * as long as it is asked; its timer holds no process.
 */
export class IndexMonitor {
  readonly #info: InfoClient
  readonly #clock: Clock
  readonly #known = new Map<string, Known>()
  readonly #asking = new Map<string, Promise<readonly IndexDefinition[]>>()
  #isClosed = false

  constructor(info: InfoClient, clock: Clock) {
    this.#info = info
    this.#clock = clock
  }

  /** The indexes of a namespace that queries may use. @throws AerospikeError when nobody says which there are */
  async indexesOf(namespace: string): Promise<readonly IndexDefinition[]> {
    const known = this.#known.get(namespace)
    if (known === undefined) return await this.#ask(namespace)
    known.isUsed = true
    return known.indexes
  }

  /** Forgets what is known of a namespace, because it has just been changed. */
  forget(namespace: string): void {
    this.#known.get(namespace)?.cancelTimer?.()
    this.#known.delete(namespace)
    this.#asking.delete(namespace)
  }

  close(): void {
    this.#isClosed = true
    for (const namespace of [...this.#known.keys()]) this.forget(namespace)
  }

  /** One question for all who wait for its answer. */
  #ask(namespace: string): Promise<readonly IndexDefinition[]> {
    const asking = this.#asking.get(namespace)
    if (asking !== undefined) return asking
    const asked = this.#fetch(namespace).finally(() => {
      if (this.#asking.get(namespace) === asked) this.#asking.delete(namespace)
    })
    this.#asking.set(namespace, asked)
    return asked
  }

  async #fetch(namespace: string): Promise<readonly IndexDefinition[]> {
    const indexes = await readIndexes(this.#info, namespace)
    if (this.#isClosed) return indexes
    this.#known.get(namespace)?.cancelTimer?.()
    const cancelTimer = this.#clock.after(REFRESH_MS, () => this.#refresh(namespace))
    this.#known.set(namespace, { indexes, isUsed: false, cancelTimer })
    return indexes
  }

  #refresh(namespace: string): void {
    const known = this.#known.get(namespace)
    if (known === undefined) return
    if (!known.isUsed) {
      this.forget(namespace)
      return
    }
    known.isUsed = false
    this.#ask(namespace).catch(() => {
      // What is known stays; the next look may do better.
      known.cancelTimer = this.#clock.after(REFRESH_MS, () => this.#refresh(namespace))
    })
  }
}

/** The indexes that every node has and may use, with how many entries they have for a value. */
async function readIndexes(info: InfoClient, namespace: string): Promise<IndexDefinition[]> {
  const lists: ListedIndex[][] = []
  for (const answer of (await info.askAll(`sindex-list:namespace=${namespace};b64=true`)).values()) {
    // A node without the namespace has no indexes there either.
    lists.push(parseInfoError(answer) === undefined ? parseIndexList(answer) : [])
  }
  const [first = [], ...others] = lists.filter((list) => list.length > 0)
  const usable = first.filter(
    ({ name, isReadable }) =>
      isReadable && others.every((list) => list.some((other) => other.name === name && other.isReadable)),
  )
  return await Promise.all(
    usable.flatMap((index) => {
      const definition = definitionOf(index)
      return definition === undefined ? [] : [withEntries(info, definition, index)]
    }),
  )
}

/** What the planner is to know of an index; `undefined` for kinds that answer no comparison. */
function definitionOf(index: ListedIndex): IndexDefinition | undefined {
  const { namespace, name, set, bin, type, collection, context } = index
  if (bin === undefined || type === undefined || collection === 'SET') return undefined
  return {
    namespace,
    name,
    bin,
    type,
    collection,
    ...(set === undefined ? {} : { set }),
    ...(context === undefined ? {} : { context: readContext(ByteReader.over(context)) }),
  }
}

async function withEntries(
  info: InfoClient,
  definition: IndexDefinition,
  { namespace, name }: ListedIndex,
): Promise<IndexDefinition> {
  const answers = await info.askAll(`sindex-stat:namespace=${namespace};indexname=${name}`)
  let most: number | undefined
  for (const answer of answers.values()) {
    const entries = Number(parseInfoPairs(answer)['entries_per_bval'])
    if (Number.isFinite(entries)) most = Math.max(most ?? 0, entries)
  }
  return most === undefined ? definition : { ...definition, entriesPerValue: most }
}
