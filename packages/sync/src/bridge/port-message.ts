import type { MessagePort } from 'node:worker_threads'
import type { ClusterEvents } from '@aero/async'
import type { ClusterOptions } from '@aero/config'
import type { CrossingError } from './crossing-error.ts'
import type { TopologyImage } from './topology.ts'

/** What a worker is started with. */
export interface WorkerStart {
  /** Tells that the worker is one of ours. */
  readonly aero: 'sync'
  /** The address of the file to load. */
  readonly file: string
  readonly buffer: SharedArrayBuffer
  readonly port: MessagePort
  readonly news: MessagePort
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
      readonly target: CallTarget
      readonly method: string
      readonly args: readonly unknown[]
    }
  /** Tell of these events from now on. */
  | { readonly kind: 'listen'; readonly event: keyof ClusterEvents }
  | { readonly kind: 'close' }

/** Whose method is called: what goes as values belongs to the asynchronous front end, which the worker has. */
export type CallTarget =
  | { readonly of: 'administration' | 'session' | 'info' | 'indexes' | 'connections' }
  | { readonly of: 'background-task'; readonly id: bigint }
  | { readonly of: 'index-task'; readonly namespace: string; readonly name: string }
  | { readonly of: 'module-task'; readonly name: string; readonly isWanted: boolean }

/** What the worker tells at a port of its own, whenever it happens. */
export type News =
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string }
  | { readonly kind: 'event'; readonly event: keyof ClusterEvents; readonly content: EventContent }

/** What an event carries, its cause apart. */
export interface EventContent {
  readonly told: object
  readonly cause?: CrossingError | undefined
}

/** What the worker says at the message port. */
export type PortAnswer =
  | { readonly kind: 'connected' }
  | { readonly kind: 'failed'; readonly error: CrossingError }
  | { readonly kind: 'topology'; readonly topology: TopologyImage }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'rejected'; readonly id: number; readonly error: CrossingError }
  | { readonly kind: 'closed' }
  /** The worker comes to an end by an error that nobody caught. */
  | { readonly kind: 'died'; readonly error: CrossingError }
