import { type MessagePort, workerData } from 'node:worker_threads'
import { type DevServer, type DevServerOptions, startDevServer } from '@aero/devserver'
import { Balancer, type Target } from '@aero/testkit/balancer'
import { type Greeting, StrangeServer } from '@aero/testkit/strange-server'

/*
 * Dev servers, and what stands beside them, in a thread of their own. They are operated from the thread that started it, which waits for each answer: see
 * `test/support/dev-server-thread.ts`.
 */

interface Start {
  readonly port: MessagePort
  /** Grows with each answer. */
  readonly bell: Int32Array
}

/** What is asked: a property of an object here, or a call of it. Objects go by number. */
export interface Operation {
  readonly object: number
  readonly name: string
  /** Absent where only the property is asked for. */
  readonly args?: readonly unknown[]
}

/** An object that stays here. */
export interface Handle {
  readonly handle: number
}

export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'function' }
  | { readonly kind: 'error'; readonly error: unknown }

const { port, bell } = workerData as Start
const objects = new Map<number, object>()
const handles = new Map<object, number>()

const answer = (content: Answer): void => {
  port.postMessage(content)
  Atomics.add(bell, 0, 1)
  Atomics.notify(bell, 0)
}

/** Plain values as they are; objects with behavior as handles. */
function crossing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(crossing)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return value
  let handle = handles.get(value)
  if (handle === undefined) {
    handle = handles.size + 1
    handles.set(value, handle)
    objects.set(handle, value)
  }
  return { handle } satisfies Handle
}

const here = (argument: unknown): unknown =>
  typeof argument === 'object' && argument !== null && 'handle' in argument
    ? objects.get((argument as Handle).handle)
    : argument

/** What is here before anything was asked for. */
export class Servers {
  start(options: DevServerOptions): Promise<DevServer> {
    return startDevServer(options)
  }

  strange(greeting: Greeting): Promise<StrangeServer> {
    return StrangeServer.open(greeting)
  }

  balancer(target: Target): Promise<Balancer> {
    return Balancer.before(target)
  }
}

port.on('message', async ({ object, name, args }: Operation) => {
  try {
    const target = objects.get(object) as { [name: string]: unknown }
    const property = target[name]
    if (args !== undefined) {
      const run = property as (...given: readonly unknown[]) => unknown
      answer({ kind: 'value', value: crossing(await run.apply(target, args.map(here))) })
    } else if (typeof property === 'function') answer({ kind: 'function' })
    else answer({ kind: 'value', value: crossing(property) })
  } catch (error) {
    answer({ kind: 'error', error })
  }
})
answer({ kind: 'value', value: crossing(new Servers()) })
