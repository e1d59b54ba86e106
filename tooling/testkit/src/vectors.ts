import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `[offset, length, what]`: bytes that differ from one capture to the next. Offsets count from the start of the frame. */
export type VolatileRange = readonly [offset: number, length: number, what: string]

/** One exchange of a call, as hex. */
export interface VectorExchange {
  readonly requestHex: string
  readonly responseHex: readonly string[]
}

/** What happened on the wire, event by event; in the groups `connect` and `cluster`. */
export interface VectorEvent {
  readonly phase?: string
  readonly conn?: number
  readonly ev: 'open' | 'request' | 'response' | 'close'
  readonly hex?: string
  readonly text?: string
  readonly by?: string
  readonly node?: string
  readonly ms?: number
  readonly fake?: boolean
}

/** A recorded call: what was asked for, the bytes that went over the wire, what came of it. */
export interface Vector {
  readonly name: string
  readonly group: string
  readonly description?: string
  readonly setup?: readonly { readonly input: VectorInput; readonly requestHex: string }[]
  readonly input: VectorInput
  readonly requestHex?: string
  readonly responseHex?: readonly string[]
  readonly more?: readonly VectorExchange[]
  readonly resultCode?: number | null
  /** In the value notation of the vectors: plain JSON plus `{ "$bigint": … }`, `{ "$bytes": … }` and so on. */
  readonly result?: unknown
  readonly error?: {
    readonly code?: number
    readonly message?: string
    readonly inDoubt?: boolean
    readonly thrown?: boolean
  }
  readonly expHex?: string
  readonly volatile?: {
    readonly request?: readonly VolatileRange[]
    readonly response?: readonly (readonly [frame: number, offset: number, length: number, what: string])[]
    readonly responseUnordered?: boolean
    readonly responseLength?: boolean
    readonly responseContent?: boolean
    readonly [part: string]: unknown
  }
  readonly replay?: false | 'loose' | 'setup'
  readonly requestTruncated?: { readonly bytes: number; readonly sha256: string }
  readonly responseTruncated?: { readonly bytes: number; readonly sha256: string }
  readonly session?: readonly VectorEvent[]
  readonly [part: string]: unknown
}

export interface VectorInput {
  readonly call: string
  readonly args?: readonly unknown[]
  readonly [part: string]: unknown
}

let absenceTold = false

/**
 * The folder of recorded vectors: `AERO_VECTORS`, or `../shared/vectors` beside the repository. `undefined` when it is not
 * there, which is said once: the recordings are not part of the repository, and everything else is tested without them.
 */
export function vectorsFolder(): string | undefined {
  const asked = process.env['AERO_VECTORS']
  const folder = asked
    ? resolve(asked)
    : fileURLToPath(new URL('../../../../shared/vectors', import.meta.url))
  if (existsSync(folder)) return folder
  if (asked) throw new Error(`AERO_VECTORS names a folder that does not exist: ${folder}`)
  if (!absenceTold) {
    absenceTold = true
    console.warn(
      'vectors: no recordings at ../shared/vectors; set AERO_VECTORS to check against them. Skipped.',
    )
  }
  return undefined
}

/** The vectors of one group (`'keys'`, `'values'`, …), in recorded order; none when the recordings are absent. */
export function loadVectors(group: string): Vector[] {
  const folder = vectorsFolder()
  if (folder === undefined) return []
  const vectors: Vector[] = []
  for (const line of readFileSync(join(folder, `${group}.jsonl`), 'utf8').split('\n')) {
    if (line !== '') vectors.push(JSON.parse(line) as Vector)
  }
  return vectors
}

/** A table of the recordings (`'digests'`, `'enums'`, `'partition-ids'`); `undefined` when they are absent. */
export function loadVectorTable<T>(name: string): T | undefined {
  const folder = vectorsFolder()
  return folder === undefined
    ? undefined
    : (JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T)
}

/** A copy of `bytes` with the volatile ranges set to zero, to be compared with another such copy. */
export function withoutVolatile(bytes: Uint8Array, ranges: readonly VolatileRange[] | undefined): Uint8Array {
  const copy = bytes.slice()
  for (const [offset, length] of ranges ?? []) copy.fill(0, offset, offset + length)
  return copy
}
