/*
 * The blocking front end in the clothes of the asynchronous one, so that the cases of that run through it word for word: every call
 * blocks, and what comes of it is given as a promise.
 */

import type {
  AggregationOptions,
  AggregationPlan,
  BackgroundPlan,
  BinsRead,
  CallOptions,
  ConnectOptions,
  ExecuteOptions,
  Plan,
  QueryPlan,
  RecordSpace,
  SessionOptions,
  StreamFunctions,
} from '@aero/async'
import type { IndexCreation, Key } from '@aero/codec'
import { type Behavior, ClusterDefinitionBase, type ClusterDescription, type Logger } from '@aero/config'
import * as blocking from '@aero/sync'
import { Session as AwaitedSession } from '../../../async/src/index.ts'
import { program } from '../support/dev-server-thread.ts'

export * from '../../../async/src/index.ts'

/** Lets timers and events of the case go on, which a call that is blocked would hold up. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

type Awaited = { [method: string]: (...args: readonly unknown[]) => Promise<unknown> }

/** The object, each of whose methods gives its result as a promise, but for those that are not awaited anyway. */
const awaiting = (object: object, ...direct: readonly string[]): Awaited =>
  new Proxy(object as Awaited, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function' || direct.includes(name as string)) return value
      return async (...args: readonly unknown[]): Promise<unknown> => {
        await nextTurn()
        return value.apply(target, args)
      }
    },
  })

/** What walks through something and is blocked at each step, as something that is awaited at each step. */
async function* awaitedWalk<Item>(items: Iterator<Item>): AsyncGenerator<Item, void, void> {
  try {
    for (;;) {
      await nextTurn()
      const { done, value } = items.next()
      if (done === true) return
      yield value
    }
  } finally {
    items.return?.()
  }
}

/** The stream, whose methods give promises and async iterables. */
const awaitingStream = (stream: blocking.RecordStream<never> | blocking.ValueStream<unknown>): never =>
  new Proxy(stream, {
    get: (target, name): unknown => {
      if (name === Symbol.asyncIterator) return () => awaitedWalk(target[Symbol.iterator]())
      if (name === Symbol.asyncDispose) return async () => target.close()
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (name === 'records' || name === 'chunks')
        return (...args: readonly unknown[]) => awaitedWalk(value.apply(target, args) as Iterator<unknown>)
      if (name === 'cursor' || name === 'toReadable') return value.bind(target)
      return async (...args: readonly unknown[]): Promise<unknown> => {
        await nextTurn()
        return value.apply(target, args)
      }
    },
  }) as never

export class ClusterDefinition extends ClusterDefinitionBase {
  async connect(options: ConnectOptions & { readonly logger?: Logger } = {}): Promise<Cluster> {
    const { connect } = blocking.ClusterDefinition.prototype
    return new Cluster(connect.call(this as never, { ...options, worker: program('worker') }))
  }
}

export class Cluster implements AsyncDisposable {
  readonly administration: Awaited
  readonly #cluster: blocking.Cluster

  constructor(cluster: blocking.Cluster) {
    this.#cluster = cluster
    this.administration = awaiting(cluster.administration)
  }

  static async connect(where: string | ClusterDescription, options: ConnectOptions = {}): Promise<Cluster> {
    return new Cluster(blocking.Cluster.connect(where, { ...options, worker: program('worker') }))
  }

  createSession<const Options extends SessionOptions = SessionOptions>(
    behavior?: Behavior,
    options?: Options,
  ): Session<BinsRead<Options>> {
    return new Session(this.#cluster.createSession(behavior, options))
  }

  isConnected(): boolean {
    return this.#cluster.isConnected()
  }

  nodes(): blocking.NodeInfo[] {
    return this.#cluster.nodes()
  }

  nodeOf(key: Key): blocking.NodeInfo | undefined {
    return this.#cluster.nodeOf(key)
  }

  on: blocking.Cluster['on'] = (event, listener) => this.#cluster.on(event, listener)

  stats(): blocking.ClusterStats {
    return this.#cluster.stats()
  }

  async close(): Promise<void> {
    this.#cluster.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cluster.close()
  }
}

export class Session<D> extends AwaitedSession<D> {
  readonly #session: blocking.Session<D>

  constructor(session: blocking.Session<D>) {
    // The builders are begun by the class behind this; everything that they end in is below.
    super(undefined as never, undefined as never)
    this.#session = session
  }

  override get behavior(): Behavior {
    return this.#session.behavior
  }

  override withBehavior(behavior: Behavior): Session<D> {
    return new Session(this.#session.withBehavior(behavior))
  }

  // Each call begins after the turn in which it was made, so that what the case does in that turn comes before.

  override async get(key: Key, bins?: readonly string[], options?: CallOptions): Promise<never> {
    await nextTurn()
    return this.#session.get(key, bins, options) as never
  }

  override async getOrThrow(key: Key, bins?: readonly string[], options?: CallOptions): Promise<never> {
    await nextTurn()
    return this.#session.getOrThrow(key, bins, options) as never
  }

  override async getHeader(key: Key, options?: CallOptions): Promise<never> {
    await nextTurn()
    return this.#session.getHeader(key, options) as never
  }

  override async put(key: Key, bins: never, options?: CallOptions): Promise<void> {
    await nextTurn()
    this.#session.put(key, bins, options)
  }

  override async run(plan: Plan, options?: ExecuteOptions): Promise<never> {
    await nextTurn()
    return awaitingStream(this.#session.run(plan, options) as never)
  }

  override async runQuery(plan: QueryPlan, options?: ExecuteOptions): Promise<never> {
    await nextTurn()
    return awaitingStream(this.#session.runQuery(plan, options) as never)
  }

  override async explainQuery(plan: QueryPlan): Promise<blocking.QueryExplanation> {
    await nextTurn()
    return this.#session.explainQuery(plan)
  }

  override aggregation(plan: AggregationPlan): never {
    const aggregation = this.#session.aggregation(plan)
    return {
      partials: async (options: AggregationOptions) => {
        await nextTurn()
        return awaitingStream(aggregation.partials(options) as never)
      },
      reduce: async (combine: never, options: AggregationOptions) => {
        await nextTurn()
        return aggregation.reduce(combine, options)
      },
      finish: async (functions: StreamFunctions, options: AggregationOptions) => {
        await nextTurn()
        return aggregation.finish(functions, options)
      },
    } as never
  }

  override async createIndex(index: IndexCreation): Promise<never> {
    await nextTurn()
    return awaiting(this.#session.createIndex(index)) as never
  }

  override async dropIndex(namespace: string, name: string): Promise<void> {
    await nextTurn()
    this.#session.dropIndex(namespace, name)
  }

  override async refreshIndexes(namespace: string): Promise<void> {
    await nextTurn()
    this.#session.refreshIndexes(namespace)
  }

  override async truncate(
    dataSet: RecordSpace | string,
    options?: { before?: Date | bigint },
  ): Promise<void> {
    await nextTurn()
    this.#session.truncate(dataSet, options)
  }

  override info(): never {
    return awaiting(this.#session.info(), 'clusterSize') as never
  }

  override async runBackground(plan: BackgroundPlan): Promise<never> {
    await nextTurn()
    return awaiting(this.#session.runBackground(plan)) as never
  }

  override async registerUdf(name: string, content: string | Uint8Array): Promise<never> {
    await nextTurn()
    return awaiting(this.#session.registerUdf(name, content)) as never
  }

  override async registerUdfFromFile(path: string, name?: string): Promise<never> {
    await nextTurn()
    return awaiting(this.#session.registerUdfFromFile(path, name)) as never
  }

  override async getUdf(name: string): Promise<string | undefined> {
    await nextTurn()
    return this.#session.getUdf(name)
  }

  override async removeUdf(name: string): Promise<never> {
    await nextTurn()
    return awaiting(this.#session.removeUdf(name)) as never
  }

  override async listUdfs(): Promise<blocking.ListedModule[]> {
    await nextTurn()
    return this.#session.listUdfs()
  }
}
