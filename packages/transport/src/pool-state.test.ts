import { expect, it } from 'vitest'
import { nextToOpen, type PoolDemand } from './pool-state.ts'

const IDLE: PoolDemand = {
  pipelined: true,
  connections: 0,
  maxConnections: 100,
  openingShared: 0,
  openingExclusive: 0,
  concurrentOpens: 8,
  sharedOpen: 0,
  sharedTotal: 0,
  sharedLimit: 4,
  draining: 0,
  sharedWaiting: 0,
  exclusiveWaiting: 0,
  target: 0,
}
const FULL = { connections: 100, maxConnections: 100 }

it.each<[string, Partial<PoolDemand>, 'shared' | 'exclusive' | undefined]>([
  ['nothing waits', {}, undefined],
  ['one waits for a shared one', { sharedWaiting: 1 }, 'shared'],
  [
    'one is on its way already',
    { sharedWaiting: 9, openingShared: 1, connections: 1, sharedTotal: 1 },
    undefined,
  ],
  ['the shared ones are full', { sharedWaiting: 1, connections: 2, sharedOpen: 2, sharedTotal: 2 }, 'shared'],
  [
    'there are enough shared ones',
    { sharedWaiting: 1, connections: 4, sharedOpen: 4, sharedTotal: 4 },
    undefined,
  ],
  [
    'all of them drain',
    { sharedWaiting: 1, connections: 4, sharedOpen: 0, sharedTotal: 4, draining: 4 },
    'shared',
  ],
  [
    'twice as many drain',
    { sharedWaiting: 1, connections: 8, sharedOpen: 0, sharedTotal: 8, draining: 8 },
    undefined,
  ],
  ['one waits for its own', { exclusiveWaiting: 1 }, 'exclusive'],
  ['its own is on its way', { exclusiveWaiting: 1, openingExclusive: 1, connections: 1 }, undefined],
  ['two wait, one is on its way', { exclusiveWaiting: 2, openingExclusive: 1, connections: 1 }, 'exclusive'],
  ['eight are on their way', { exclusiveWaiting: 20, openingExclusive: 8, connections: 8 }, undefined],
  ['no more are allowed', { sharedWaiting: 1, exclusiveWaiting: 1, ...FULL }, undefined],
  [
    'the last place, which is for a shared one',
    { exclusiveWaiting: 1, connections: 99, maxConnections: 100 },
    undefined,
  ],
  ['the last place, for a shared one', { sharedWaiting: 1, connections: 99, maxConnections: 100 }, 'shared'],
  [
    'the last place, with a shared one there',
    { exclusiveWaiting: 1, connections: 99, sharedTotal: 1 },
    'exclusive',
  ],
  ['a single connection, for whoever comes first', { exclusiveWaiting: 1, maxConnections: 1 }, 'exclusive'],
  ['the minimum is not reached', { target: 2, connections: 1, sharedTotal: 1, sharedOpen: 1 }, 'shared'],
  [
    'the minimum is above the shared limit',
    { target: 6, connections: 5, sharedTotal: 4, sharedOpen: 4 },
    'exclusive',
  ],
  ['the minimum is reached', { target: 2, connections: 2, sharedTotal: 2, sharedOpen: 2 }, undefined],
  [
    'draining ones do not count for the minimum',
    { target: 2, connections: 2, draining: 1, sharedTotal: 2 },
    'shared',
  ],
  ['the minimum without pipelining', { target: 1, pipelined: false }, 'exclusive'],
])('when %s', (_name, demand, expected) => {
  expect(nextToOpen({ ...IDLE, ...demand })).toBe(expected)
})
