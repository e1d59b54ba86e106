import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { DevServerOptions } from '@aero/devserver'
import { inject } from 'vitest'

/** A dev server that goes on while this thread is blocked. */
export interface DevServerThread {
  readonly seeds: string
  /** Those for TLS; empty without it. */
  readonly tlsSeeds: string
  close(): Promise<void>
}

/** Starts a dev server in a thread of its own. */
export async function startDevServerThread(options: DevServerOptions = {}): Promise<DevServerThread> {
  const worker = new Worker(program('dev-server'), { workerData: options, execArgv: [] })
  const [[seeds, tlsSeeds]] = (await once(worker, 'message')) as [[string, string]]
  return {
    seeds,
    tlsSeeds,
    close: async () => {
      await worker.terminate()
    },
  }
}

/** The file of a program that was built for the tests. */
export function program(name: 'worker' | 'sync' | 'dev-server'): string {
  return join(inject('programs'), `${name}.mjs`)
}
