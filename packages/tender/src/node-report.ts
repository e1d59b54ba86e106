import type { NamespaceReplicas } from '@aero/codec'
import type { Endpoint } from '@aero/transport'
import type { Peer } from './cluster-state.ts'
import type { TendError } from './errors.ts'

/** The cheap numbers that tell whether the expensive lists are still current. */
export interface Generations {
  readonly peers: number
  readonly partitions: number
  /** Only asked for when racks matter. */
  readonly rebalance?: number
}

/** The lists a node was asked for. Each is there only when it was asked for. */
export interface Details {
  readonly peers?: { readonly generation: number; readonly list: readonly Peer[] }
  readonly partitions?: { readonly generation: number; readonly claims: readonly NamespaceReplicas[] }
  readonly racks?: { readonly generation: number; readonly ids: ReadonlyMap<string, number> }
}

/** How a newly met node presents itself. */
export interface Identity {
  readonly name: string
  readonly build: string
  /** `undefined` when it was not asked for. */
  readonly clusterName: string | undefined
  readonly endpoint: Endpoint
  readonly details: Details
}

/** What happened: all that moves the state of the cluster. */
export type NodeReport =
  /** A round begins. An early one, between the regular ones, looks for news and leaves alone the nodes that fail. */
  | { readonly kind: 'round-started'; readonly early: boolean }
  /** Everything asked in the round has been answered or given up, or the next round is due. */
  | { readonly kind: 'round-ended' }
  /** A known node answered the small question of every round. */
  | {
      readonly kind: 'answered'
      readonly name: string
      readonly incarnation: number
      /** The name under which it answered: another one when the address has changed hands. */
      readonly answeredAs: string
      readonly generations: Generations
    }
  /** A known node sent lists it was asked for. */
  | {
      readonly kind: 'learned'
      readonly name: string
      readonly incarnation: number
      /** As above: the connection may be another one by now. */
      readonly answeredAs: string
      readonly details: Details
    }
  /** A known node did not answer, or not in a way that can be understood. */
  | {
      readonly kind: 'failed'
      readonly name: string
      readonly incarnation: number
      readonly cause: Error
    }
  /** An address answered and told who it is. */
  | {
      readonly kind: 'identified'
      /** Given back in the effects, so that the caller knows which of its connections is meant. */
      readonly probe: number
      /** The name by which a peer called it; `undefined` for a seed. */
      readonly expected: string | undefined
      readonly identity: Identity
    }

/** Why a node is closed. */
export type RemovalReason =
  /** It does not answer, and no healthy node names it. */
  | 'unreachable'
  /** No node answers at all, for several rounds. */
  | 'cluster-lost'
  /** It answers, but no other node names it and it owns nothing: it was taken out of the cluster. */
  | 'left'
  /** The same node is now found elsewhere; the new one opens in the same step. */
  | 'address-changed'
  /** It stood alone, and the cluster proper was found. */
  | 'stray'
  /** The client was closed. */
  | 'closed'

/** Find out who answers at the addresses under which a peer was named. */
export interface IdentifyEffect {
  readonly kind: 'identify'
  readonly name: string
  readonly endpoints: readonly Endpoint[]
}

/** What the caller is to do now. */
export type TendEffect =
  /** Ask a node for its generations. */
  | { readonly kind: 'probe'; readonly name: string; readonly incarnation: number }
  /** Ask a node for lists whose generation has moved. */
  | {
      readonly kind: 'ask'
      readonly name: string
      readonly incarnation: number
      readonly peers: boolean
      readonly partitions: boolean
      readonly racks: boolean
    }
  | IdentifyEffect
  /** Resolve the seeds again and find out who answers there. */
  | { readonly kind: 'seed' }
  /** A node joined: keep the connection of `probe` for it. */
  | { readonly kind: 'open'; readonly name: string; readonly incarnation: number; readonly probe: number }
  | {
      readonly kind: 'close'
      readonly name: string
      readonly incarnation: number
      readonly reason: RemovalReason
    }
  /** The process behind a node is another one than before. */
  | { readonly kind: 'restarted'; readonly name: string; readonly incarnation: number }
  /** An address was not taken in. */
  | { readonly kind: 'refused'; readonly probe: number; readonly error: TendError }
