import type { MessagePort } from 'node:worker_threads'
import type { ClusterOptions } from '@aero/config'
import type { CrossingError } from './crossing-error.ts'
import type { TopologyImage } from './topology.ts'

/** What a worker is started with. */
export interface WorkerStart {
  /** Tells that the worker is one of ours. */
  readonly aero: 'sync'
  readonly buffer: SharedArrayBuffer
  readonly port: MessagePort
}

/** Levels at which a logger is told something. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What the calling thread says at the message port: what is said rarely, as values instead of bytes. */
export type PortRequest =
  /** First of all. The options are not part of the start data, which stays readable in the worker. */
  | { readonly kind: 'connect'; readonly options: ClusterOptions; readonly levels: readonly LogLevel[] }
  | {
      readonly kind: 'call'
      readonly id: number
      readonly target: string
      readonly method: string
      readonly args: readonly unknown[]
    }
  | { readonly kind: 'close' }

/** What the worker says at the message port. */
export type PortAnswer =
  | { readonly kind: 'connected' }
  | { readonly kind: 'failed'; readonly error: CrossingError }
  | { readonly kind: 'topology'; readonly topology: TopologyImage }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'rejected'; readonly id: number; readonly error: CrossingError }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string }
  | { readonly kind: 'closed' }
  /** The worker comes to an end by an error that nobody caught. */
  | { readonly kind: 'died'; readonly error: CrossingError }
