/**
 * The life of a connection.
 *
 * | state | takes new requests | meaning |
 * |---|---|---|
 * | `connecting` | no | not usable yet |
 * | `open` | yes | |
 * | `draining` | no | a request timed out here and its answer is still to come; the ones behind it may be stuck as well |
 * | `closed` | no | for ever |
 */
export type ConnectionState = 'connecting' | 'open' | 'draining' | 'closed'

/** `stalled`: a request timed out. `drained`: no timed-out request is left. `ended`: for whatever reason. */
export type ConnectionEvent = 'opened' | 'stalled' | 'drained' | 'ended'

const TRANSITIONS: {
  readonly [state in ConnectionState]: { readonly [event in ConnectionEvent]?: ConnectionState }
} = {
  connecting: { opened: 'open', ended: 'closed' },
  open: { stalled: 'draining', ended: 'closed' },
  draining: { stalled: 'draining', drained: 'open', ended: 'closed' },
  closed: {},
}

/** The state after `event`. What is not in the table changes nothing: events may arrive late, after the end for instance. */
export function nextConnectionState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return TRANSITIONS[state][event] ?? state
}
