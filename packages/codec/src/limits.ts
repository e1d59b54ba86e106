/**
 * Ceilings for what a peer may make us allocate. A length on the wire is a claim; these say how far it is believed.
 */
export interface DecodeLimits {
  /** Largest frame body accepted, in bytes. Default 128 MiB, the server's own limit for one message. */
  readonly maxFrameBytes: number
  /** Deepest nesting of lists and maps. Default 64; servers from 8.2 refuse deeper values too. */
  readonly maxDepth: number
}

/** The default ceilings. */
export const DEFAULT_LIMITS: DecodeLimits = Object.freeze({ maxFrameBytes: 128 * 1024 * 1024, maxDepth: 64 })
