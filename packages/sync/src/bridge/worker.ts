/**
 * `@aero/sync/worker`: the file that the worker thread of a blocking cluster loads. It is loaded by that thread alone and exports
 * nothing.
 */
import { isMainThread, workerData } from 'node:worker_threads'
import type { WorkerStart } from './port-message.ts'
import { serve } from './serve.ts'

const start = workerData as WorkerStart | undefined

if (!isMainThread && start?.aero === 'sync') serve(start)
