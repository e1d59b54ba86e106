/**
 * `@aero/sync/worker`: the door through which the worker thread of a blocking cluster is started. It is loaded by that thread
 * alone and exports nothing.
 */
import { isMainThread, workerData } from 'node:worker_threads'
import { CONTROL, STATE, sharedMemory } from './control.ts'
import type { PortAnswer, WorkerStart } from './port-message.ts'

const start = workerData as WorkerStart | undefined

if (!isMainThread && start?.aero === 'sync') {
  const { control } = sharedMemory(start.buffer)
  const end = (): void => {
    Atomics.store(control, CONTROL.state, STATE.ended)
    Atomics.add(control, CONTROL.toCaller, 1)
    Atomics.notify(control, CONTROL.toCaller)
  }
  const die = (error: unknown): void => {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    start.port.postMessage({ kind: 'died', error: { name, message, stack } } satisfies PortAnswer)
    end()
  }
  // The calling thread is blocked, and hears of nothing that is not told in this way.
  process.on('exit', end)
  process.on('uncaughtExceptionMonitor', die)
  // Loaded from here, so that what cannot be loaded is told as well.
  import('./serve.ts').then(({ serve }) => serve(start), die)
}
