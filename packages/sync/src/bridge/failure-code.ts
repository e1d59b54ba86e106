import type { AttemptFailureKind, AttemptPhase } from '@aero/transport'

const KINDS: readonly AttemptFailureKind[] = [
  'timeout',
  'connect',
  'closed',
  'queue-full',
  'encode',
  'decode',
  'pool-closed',
]
const PHASES: readonly AttemptPhase[] = ['queued', 'connecting', 'sent']

/** A failed attempt in one number: kind, phase, and whether the server may have the request. */
export function encodeFailure(kind: AttemptFailureKind, phase: AttemptPhase, sent: boolean): number {
  return (KINDS.indexOf(kind) << 3) | (PHASES.indexOf(phase) << 1) | (sent ? 1 : 0)
}

/** What {@link encodeFailure} was given. */
export function decodeFailure(code: number): {
  readonly kind: AttemptFailureKind
  readonly phase: AttemptPhase
  readonly sent: boolean
} {
  return {
    kind: KINDS[code >> 3] as AttemptFailureKind,
    phase: PHASES[(code >> 1) & 3] as AttemptPhase,
    sent: (code & 1) !== 0,
  }
}
