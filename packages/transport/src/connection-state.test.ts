import { describe, expect, it } from 'vitest'
import { type ConnectionEvent, type ConnectionState, nextConnectionState } from './connection-state.ts'

const EVENTS: readonly ConnectionEvent[] = ['opened', 'stalled', 'drained', 'ended']

/** For each state, what comes after each of the events above. */
const TABLE: readonly [ConnectionState, readonly ConnectionState[]][] = [
  ['connecting', ['open', 'connecting', 'connecting', 'closed']],
  ['open', ['open', 'draining', 'open', 'closed']],
  ['draining', ['draining', 'draining', 'open', 'closed']],
  ['closed', ['closed', 'closed', 'closed', 'closed']],
]

describe.each(TABLE)('from %s', (state, after) => {
  it.each(EVENTS.map((event, index) => [event, after[index]] as const))(
    '%s leads to %s',
    (event, expected) => {
      expect(nextConnectionState(state, event)).toBe(expected)
    },
  )
})
