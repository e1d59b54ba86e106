import { join } from 'node:path'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { DevServer, DevServerOptions } from '@aero/devserver'
import { inject } from 'vitest'
import type { Answer, Handle, Operation, Servers } from '../programs/dev-server.ts'

/** The thread of all dev servers of a test file: loading what they are made of takes longer than most cases. */
let thread: Servers | undefined

/**
 * Starts servers in another thread, which goes on while this one is blocked. They are operated like any others; each property and
 * call waits for the other thread.
 */
export function serversThread(): Servers {
  thread ??= startThread()
  return thread
}

/** Starts a dev server in another thread; see {@link serversThread}. */
export async function startDevServerThread(options: DevServerOptions = {}): Promise<DevServer> {
  return serversThread().start(options)
}

function startThread(): Servers {
  const bell = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(program('dev-server'), {
    workerData: { port: port2, bell },
    transferList: [port2],
    execArgv: [],
  })
  worker.unref()
  return new RemoteObjects(port1, bell).first() as Servers
}

/** The objects of the other thread, as stand-ins: the same one for the same object. */
class RemoteObjects {
  readonly #port: MessagePort
  readonly #bell: Int32Array
  readonly #standIns = new Map<number, object>()

  constructor(port: MessagePort, bell: Int32Array) {
    this.#port = port
    this.#bell = bell
  }

  /** What the thread says first: what starts servers. */
  first(): unknown {
    return this.#value(this.#wait())
  }

  #ask(operation: Operation): Answer {
    this.#port.postMessage(operation)
    return this.#wait()
  }

  #wait(): Answer {
    for (;;) {
      const seen = Atomics.load(this.#bell, 0)
      const received = receiveMessageOnPort(this.#port)
      if (received !== undefined) return received.message as Answer
      if (Atomics.wait(this.#bell, 0, seen, 20_000) === 'timed-out')
        throw new Error('the thread of the dev server does not answer')
    }
  }

  #value(answer: Answer): unknown {
    if (answer.kind === 'error') throw answer.error
    return answer.kind === 'value' ? this.#here(answer.value) : undefined
  }

  #here(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#here(each))
    if (typeof value !== 'object' || value === null || !('handle' in value)) return value
    return this.#standIn((value as Handle).handle)
  }

  #standIn(handle: number): object {
    const known = this.#standIns.get(handle)
    if (known !== undefined) return known
    const close = async (): Promise<void> => {
      this.#value(this.#ask({ object: handle, name: 'close', args: [] }))
    }
    const standIn: object = new Proxy(
      {},
      {
        get: (_target, name) => {
          if (name === 'close' || name === Symbol.asyncDispose) return close
          // Not a promise, and nothing that a printer looks for.
          if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
          const answer = this.#ask({ object: handle, name })
          if (answer.kind !== 'function') return this.#value(answer)
          return (...args: readonly unknown[]): unknown =>
            this.#value(this.#ask({ object: handle, name, args: args.map((each) => this.#handleOf(each)) }))
        },
        set: () => false,
      },
    )
    this.#standIns.set(handle, standIn)
    return standIn
  }

  #handleOf(argument: unknown): unknown {
    for (const [handle, standIn] of this.#standIns) if (standIn === argument) return { handle }
    return argument
  }
}

/** The file of a program that was built for the tests. */
export function program(name: 'worker' | 'sync' | 'dev-server'): string {
  return join(inject('programs'), `${name}.mjs`)
}
