import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import {
  AbortError,
  type ClusterEvents,
  type ClusterListener,
  ConnectionError,
  RESULT_CODE,
} from '@aero/async'
import { checkEvent } from '@aero/async/engine'
import type { ClusterOptions, Logger } from '@aero/config'
import { BOOTSTRAP } from './bootstrap.ts'
import { CONTROL, STATE, sharedMemory } from './control.ts'
import { reviveError } from './crossing-error.ts'
import { BlockingLoop, NOTHING } from './loop.ts'
import type { CallTarget, LogLevel, News, PortAnswer, WorkerStart } from './port-message.ts'
import { RemoteCluster } from './remote-cluster.ts'

/** How long `close` waits for the worker to close its connections before it is stopped. */
const CLOSING_MS = 2000
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** What a bridge is opened with, beside the cluster's options. */
export interface BridgeOptions {
  readonly logger?: Logger | undefined
  /** The worker's file, where it is not that of this package. */
  readonly worker?: string | URL | undefined
}

type Outcome = { readonly value: unknown } | { readonly error: Error }

/** A worker thread that holds the connections of one cluster, and this thread's way to it. */
export class Bridge {
  readonly loop: BlockingLoop
  readonly cluster: RemoteCluster
  readonly #worker: Worker
  readonly #control: Int32Array
  readonly #logger: Logger | undefined
  readonly #news: MessagePort
  /** Called at events; each in an object of its own, since the same function may be registered twice. */
  readonly #listeners = new Map<keyof ClusterEvents, Set<{ readonly listener: ClusterListener<never> }>>()
  readonly #outcomes = new Map<number, Outcome>()
  #lastCall = 0
  #connected = false
  #failure: Error | undefined = undefined
  #isClosed = false
  /** The worker has said that it closed everything. */
  #hasEnded = false

  /** Starts the worker; see {@link Bridge.open}. */
  constructor(options: ClusterOptions, { logger, worker }: BridgeOptions) {
    const memory = sharedMemory()
    const { port1, port2 } = new MessageChannel()
    const news = new MessageChannel()
    const start: WorkerStart = {
      aero: 'sync',
      file: addressOf(worker ?? workerFile()),
      buffer: memory.buffer,
      port: port2,
      news: news.port2,
    }
    this.#control = memory.control
    this.#logger = logger
    // Flags that this process was started with, such as other conditions for resolving packages, are not for the worker.
    this.#worker = new Worker(BOOTSTRAP, {
      eval: true,
      workerData: start,
      transferList: [port2, news.port2],
      execArgv: [],
      name: 'aero',
    })
    this.loop = new BlockingLoop(memory, port1, options.systemSettings.wakefulWait === 'auto')
    this.loop.onPortAnswer = (answer) => this.#hear(answer)
    this.cluster = new RemoteCluster(this.loop, options.racks)
    this.loop.beforeCall = () => this.cluster.refresh()
    // Heard only while this thread is not blocked; then the shared memory tells.
    this.#worker.on('error', (error) => this.loop.end(error))
    this.#worker.on('exit', () => {
      Atomics.store(this.#control, CONTROL.state, STATE.ended)
    })
    this.#worker.unref()
    this.#news = news.port1
    if (logger !== undefined) this.#hearNews()
    const levels = LEVELS.filter((level) => logger?.[level] !== undefined)
    this.loop.say({ kind: 'connect', options, levels })
  }

  /**
   * Starts a worker and connects to the cluster.
   *
   * @throws what connecting fails with; ConnectionError when the worker cannot be started
   */
  static open(options: ClusterOptions, bridgeOptions: BridgeOptions): Bridge {
    const bridge = make(options, bridgeOptions)
    try {
      bridge.#connect()
      return bridge
    } catch (error) {
      bridge.close()
      throw error
    }
  }

  #connect(): void {
    while (!this.#connected) {
      this.loop.turn(Number.POSITIVE_INFINITY)
      if (this.#failure !== undefined) throw this.#failure
      this.loop.checkAlive()
    }
    this.loop.finish((done) => done())
  }

  /** Calls a method of what only the worker has: for what is rare enough. @throws what it throws, with this thread's stack. */
  call(target: CallTarget, method: string, args: readonly unknown[]): unknown {
    const { loop } = this
    loop.checkAlive()
    const id = ++this.#lastCall
    loop.say({ kind: 'call', id, target, method, args: args.map(withoutSignal) })
    loop.await(() => this.#outcomes.has(id))
    const outcome = this.#outcomes.get(id) as Outcome
    this.#outcomes.delete(id)
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }

  /** Calls `listener` at every such event, during calls and between them; what is returned ends it. @throws TypeError for an unknown one */
  on<Event extends keyof ClusterEvents>(event: Event, listener: ClusterListener<Event>): () => void {
    checkEvent(event)
    let listeners = this.#listeners.get(event)
    if (listeners === undefined) {
      listeners = new Set()
      this.#listeners.set(event, listeners)
      this.#hearNews()
      this.loop.say({ kind: 'listen', event })
    }
    const registered = { listener }
    listeners.add(registered)
    const all = listeners
    return () => all.delete(registered)
  }

  /** During calls the loop looks for news; between them, this thread's own event loop brings them. */
  #hearNews(): void {
    const news = this.#news
    if (this.loop.onTurn !== NOTHING) return
    news.on('message', this.#tell)
    news.unref()
    this.loop.onTurn = () => {
      for (let item = receiveMessageOnPort(news); item !== undefined; ) {
        this.#tell(item.message as News)
        item = receiveMessageOnPort(news)
      }
    }
  }

  /** Closes the connections and ends the worker. May be called again. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const { loop } = this
    if (loop.isAlive && Atomics.load(this.#control, CONTROL.state) !== STATE.ended) {
      loop.say({ kind: 'close' })
      const until = loop.now() + CLOSING_MS
      while (!this.#hasEnded && loop.isAlive && loop.now() < until) loop.turn(until)
    }
    loop.onTurn()
    loop.close()
    this.#news.close()
    this.#listeners.clear()
    void this.#worker.terminate()
  }

  readonly #tell = (item: News): void => {
    if (item.kind === 'log') {
      this.#logger?.[item.level]?.(item.message)
      return
    }
    const { told, cause } = item.content
    const content = cause === undefined ? told : { ...told, cause: reviveError(cause) }
    for (const { listener } of [...(this.#listeners.get(item.event) ?? [])]) {
      try {
        ;(listener as (content: object) => void)(content)
      } catch (error) {
        // Disturbs neither the others nor the call that is blocked.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  #hear(answer: PortAnswer): void {
    switch (answer.kind) {
      case 'connected':
        this.#connected = true
        break
      case 'failed':
        this.#failure = reviveError(answer.error)
        break
      case 'topology':
        this.cluster.update(answer.topology)
        break
      case 'result':
        this.#outcomes.set(answer.id, { value: answer.value })
        break
      case 'rejected':
        this.#outcomes.set(answer.id, { error: reviveError(answer.error) })
        break
      case 'closed':
        this.#hasEnded = true
        break
    }
  }
}

// A class that names itself in its own body is renamed by the bundler, and users would see that name.
function make(options: ClusterOptions, bridgeOptions: BridgeOptions): Bridge {
  return new Bridge(options, bridgeOptions)
}

/** By the package's door: where this file lies differs between sources, build and bundles. */
function workerFile(): string {
  try {
    return createRequire(import.meta.url).resolve('@aero/sync/worker')
  } catch (cause) {
    throw new ConnectionError(
      'the file of the worker thread, @aero/sync/worker, is not installed here; a bundled program names it in connect({ worker })',
      RESULT_CODE.CLIENT_ERROR,
      { cause },
    )
  }
}

/** The address that a file is imported by. */
function addressOf(file: string | URL): string {
  return typeof file === 'string' && !file.startsWith('file:') ? pathToFileURL(file).href : String(file)
}

/** A signal cannot cross, and cannot change while this thread is blocked: only whether it has been given before counts. */
function withoutSignal(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null || !('signal' in argument)) return argument
  const { signal, ...rest } = argument as { readonly signal: AbortSignal | undefined }
  if (signal?.aborted === true)
    throw new AbortError('the call was aborted', RESULT_CODE.CLIENT_ERROR, { cause: signal.reason })
  return rest
}
