import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import { Behavior } from './behavior.ts'
import type { BehaviorChanges } from './behavior-changes.ts'
import type { Duration } from './duration.ts'
import type { NamespaceMode, OperationKind, OperationShape, ScopeName } from './scope.ts'
import type { ResolvedSettings, Settings } from './settings.ts'

type Triple = readonly [OperationKind, OperationShape, NamespaceMode]

const TRIPLES: readonly Triple[] = (['READ', 'WRITE_RETRYABLE', 'WRITE_NON_RETRYABLE'] as const).flatMap(
  (kind) =>
    (['POINT', 'BATCH', 'QUERY'] as const).flatMap((shape) =>
      (['AP', 'SC'] as const).map((mode): Triple => [kind, shape, mode]),
    ),
)

const DEFAULTS: ResolvedSettings = {
  totalTimeout: 30_000,
  socketTimeout: 5_000,
  maxRetries: 2,
  retryDelay: 0,
  sendKey: true,
  durableDelete: false,
  commitLevel: 'COMMIT_ALL',
  replica: 'SEQUENCE',
  readModeAp: 'ONE',
  readModeSc: 'SESSION',
  useCompression: false,
  compressionThreshold: 128,
  maxConcurrentNodes: 0,
  recordQueueSize: 5_000,
  recordQueueBytes: 16_777_216,
  allowInline: true,
  allowInlineSsd: false,
  readTouchTtlPercent: 0,
}

describe('the shipped behaviors', () => {
  it.each<[...Triple, Partial<ResolvedSettings>]>([
    ['READ', 'POINT', 'AP', {}],
    ['READ', 'POINT', 'SC', {}],
    ['READ', 'BATCH', 'AP', {}],
    ['READ', 'BATCH', 'SC', {}],
    ['READ', 'QUERY', 'AP', { maxRetries: 5 }],
    ['READ', 'QUERY', 'SC', { maxRetries: 5 }],
    ['WRITE_RETRYABLE', 'POINT', 'AP', {}],
    ['WRITE_RETRYABLE', 'POINT', 'SC', { durableDelete: true }],
    ['WRITE_RETRYABLE', 'BATCH', 'AP', {}],
    ['WRITE_RETRYABLE', 'BATCH', 'SC', { durableDelete: true }],
    ['WRITE_RETRYABLE', 'QUERY', 'AP', {}],
    ['WRITE_RETRYABLE', 'QUERY', 'SC', { durableDelete: true }],
    ['WRITE_NON_RETRYABLE', 'POINT', 'AP', { maxRetries: 0 }],
    ['WRITE_NON_RETRYABLE', 'POINT', 'SC', { maxRetries: 0, durableDelete: true }],
    ['WRITE_NON_RETRYABLE', 'BATCH', 'AP', { maxRetries: 0 }],
    ['WRITE_NON_RETRYABLE', 'BATCH', 'SC', { maxRetries: 0, durableDelete: true }],
    ['WRITE_NON_RETRYABLE', 'QUERY', 'AP', { maxRetries: 0 }],
    ['WRITE_NON_RETRYABLE', 'QUERY', 'SC', { maxRetries: 0, durableDelete: true }],
  ])('DEFAULT resolves %s %s %s', (kind, shape, mode, differences) => {
    expect(Behavior.DEFAULT.settingsFor(kind, shape, mode)).toEqual({ ...DEFAULTS, ...differences })
  })

  const fast = { socketTimeout: 50, totalTimeout: 200, maxRetries: 3 } as const
  it.each<[string, Behavior, ...Triple, Partial<ResolvedSettings>]>([
    ['READ_FAST', Behavior.READ_FAST, 'READ', 'POINT', 'AP', fast],
    // `reads` of the child has the last word over `readsQuery` of DEFAULT.
    ['READ_FAST', Behavior.READ_FAST, 'READ', 'QUERY', 'SC', fast],
    ['READ_FAST', Behavior.READ_FAST, 'WRITE_RETRYABLE', 'POINT', 'AP', {}],
    ['STRICTLY_CONSISTENT', Behavior.STRICTLY_CONSISTENT, 'READ', 'POINT', 'SC', { readModeSc: 'LINEARIZE' }],
    ['STRICTLY_CONSISTENT', Behavior.STRICTLY_CONSISTENT, 'READ', 'POINT', 'AP', {}],
    ['STRICTLY_CONSISTENT', Behavior.STRICTLY_CONSISTENT, 'WRITE_RETRYABLE', 'POINT', 'AP', {}],
    ['FAST_RACK_AWARE', Behavior.FAST_RACK_AWARE, 'READ', 'BATCH', 'AP', { ...fast, replica: 'PREFER_RACK' }],
    ['FAST_RACK_AWARE', Behavior.FAST_RACK_AWARE, 'READ', 'POINT', 'SC', { ...fast, replica: 'PREFER_RACK' }],
    ['FAST_RACK_AWARE', Behavior.FAST_RACK_AWARE, 'WRITE_NON_RETRYABLE', 'POINT', 'AP', { maxRetries: 0 }],
  ])('%s resolves %4$s %5$s as told', (_name, behavior, kind, shape, mode, differences) => {
    expect(behavior.settingsFor(kind, shape, mode)).toEqual({ ...DEFAULTS, ...differences })
  })

  it.each([
    [Behavior.DEFAULT, 'DEFAULT', undefined],
    [Behavior.READ_FAST, 'READ_FAST', Behavior.DEFAULT],
    [Behavior.STRICTLY_CONSISTENT, 'STRICTLY_CONSISTENT', Behavior.DEFAULT],
    [Behavior.FAST_RACK_AWARE, 'FAST_RACK_AWARE', Behavior.READ_FAST],
  ])('%s stands where it should', (behavior, name, parent) => {
    expect(behavior.name).toBe(name)
    expect(behavior.parent).toBe(parent)
  })
})

/** The cascade written down a second time, from the specification. */
function cascade([kind, shape, mode]: Triple): readonly ScopeName[] {
  const byShape = { POINT: 'Point', BATCH: 'Batch', QUERY: 'Query' } as const
  const byMode = { AP: 'Ap', SC: 'Sc' } as const
  if (kind === 'READ') return ['all', 'reads', `reads${byMode[mode]}`, `reads${byShape[shape]}`]
  const retry = kind === 'WRITE_RETRYABLE' ? 'writesRetryable' : 'writesNonRetryable'
  return ['all', 'writes', `writes${byMode[mode]}`, retry, `writes${byShape[shape]}`]
}

const SCOPES: readonly ScopeName[] = [...new Set(TRIPLES.flatMap(cascade))]

describe('the cascade', () => {
  it.each(TRIPLES)('%s %s %s: each scope beats the ones before it', (...triple) => {
    const scopes = cascade(triple)
    for (let length = 1; length <= scopes.length; length++) {
      // Given backwards, so that the order of writing cannot be what decides.
      const given = scopes.slice(0, length).reverse()
      const changes = Object.fromEntries(
        given.map((scope) => [scope, { retryDelay: 1 + scopes.indexOf(scope) }]),
      )
      expect(Behavior.DEFAULT.derive('order', changes).settingsFor(...triple).retryDelay).toBe(length)
    }
  })

  it.each(SCOPES)('%s reaches its own operations and no others', (scope) => {
    const behavior = Behavior.DEFAULT.derive('one', { [scope]: { retryDelay: 77 } })
    const reached = TRIPLES.filter((triple) => behavior.settingsFor(...triple).retryDelay === 77)
    expect(reached).toEqual(TRIPLES.filter((triple) => cascade(triple).includes(scope)))
  })

  it('lets any scope of a child beat every scope of its parent', () => {
    const child = Behavior.DEFAULT.derive('child', { maxRetries: 3 })
    for (const triple of TRIPLES) expect(child.settingsFor(...triple).maxRetries).toBe(3)
  })

  it('agrees with a plain model on any tree', () => {
    const patch = fc.record(
      { retryDelay: fc.nat(9), maxRetries: fc.nat(9), sendKey: fc.boolean() },
      { requiredKeys: [] },
    )
    const changes = fc.record(Object.fromEntries(SCOPES.map((scope) => [scope, patch])), { requiredKeys: [] })
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 4 }), (generations) => {
        let behavior = Behavior.DEFAULT
        for (const generation of generations)
          behavior = behavior.derive('next', generation as BehaviorChanges)
        for (const triple of TRIPLES) {
          let expected = Behavior.DEFAULT.settingsFor(...triple)
          for (const generation of generations) {
            for (const scope of cascade(triple)) expected = { ...expected, ...(generation[scope] as object) }
          }
          expect(behavior.settingsFor(...triple)).toEqual(expected)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('derive', () => {
  it('puts settings without a scope into `all`, beside those given there', () => {
    const behavior = Behavior.DEFAULT.derive('mixed', { totalTimeout: '2s', all: { socketTimeout: '100ms' } })
    expect(behavior.patches).toEqual({ all: { totalTimeout: 2_000, socketTimeout: 100 } })
  })

  it('copies what is given, and freezes the copy', () => {
    const given = { reads: { maxRetries: 4 } }
    const behavior = Behavior.DEFAULT.derive('copied', given)
    given.reads.maxRetries = 9
    expect(behavior.settingsFor('READ', 'POINT').maxRetries).toBe(4)
    for (const frozen of [behavior, behavior.patches, behavior.patches.reads])
      expect(Object.isFrozen(frozen)).toBe(true)
  })

  it('takes undefined and empty scopes for not given', () => {
    const given = {
      totalTimeout: undefined,
      reads: undefined,
      writes: { maxRetries: undefined },
      readsAp: {},
    }
    expect(Behavior.DEFAULT.derive('nothing', given as object).patches).toEqual({})
    expect(Behavior.DEFAULT.derive('nothing').patches).toEqual({})
  })

  it.each<[unknown, string, string]>([
    [{ reads: { totalTimeout: -1 } }, 'fast.reads.totalTimeout', 'found -1, expected a duration'],
    [{ reads: { totalTimeout: '5 sec' } }, 'fast.reads.totalTimeout', 'found "5 sec", expected a duration'],
    [{ totalTimeout: '25d' }, 'fast.totalTimeout', 'from 0ms to 2147483647ms'],
    [{ totalTimeout: Number.POSITIVE_INFINITY }, 'fast.totalTimeout', '0 says so'],
    [{ totalTimeout: null }, 'fast.totalTimeout', 'found null'],
    [{ maxRetries: 1.5 }, 'fast.maxRetries', 'a whole number of retries from 0'],
    [{ maxRetries: '2' }, 'fast.maxRetries', 'found "2"'],
    [{ sendKey: 'yes' }, 'fast.sendKey', 'true or false'],
    [{ sendKey: 1 }, 'fast.sendKey', 'true or false'],
    [{ replica: 'SEQENCE' }, 'fast.replica', "Did you mean 'SEQUENCE'?"],
    [{ replica: 'sequence' }, 'fast.replica', "Did you mean 'SEQUENCE'?"],
    [{ readsSc: { readModeSc: 'LINEARISE' } }, 'fast.readsSc.readModeSc', "Did you mean 'LINEARIZE'?"],
    [{ reads: { readTouchTtlPercent: 101 } }, 'fast.reads.readTouchTtlPercent', 'from -1 to 100'],
    [{ reads: { readTouchTtlPercent: -2 } }, 'fast.reads.readTouchTtlPercent', 'from -1 to 100'],
    [
      { readsQuery: { recordQueueSize: 0 } },
      'fast.readsQuery.recordQueueSize',
      'a whole number of records from 1',
    ],
    [{ maxRetrys: 1 }, 'fast.maxRetrys', 'Did you mean maxRetries?'],
    [{ total_timeout: 1 }, 'fast.total_timeout', 'Did you mean totalTimeout?'],
    [{ reads: { maxRetrys: 1 } }, 'fast.reads.maxRetrys', 'Did you mean maxRetries?'],
    [{ reads_batch: {} }, 'fast.reads_batch', 'Did you mean readsBatch?'],
    [{ readBatch: {} }, 'fast.readBatch', 'Did you mean readsBatch?'],
    [{ toString: 1 }, 'fast.toString', 'the name of a scope or of a setting'],
    [{ reads: { constructor: 1 } }, 'fast.reads.constructor', 'the name of a setting'],
    [{ reads: { reads: {} } }, 'fast.reads.reads', 'the name of a setting'],
    [{ reads: 5 }, 'fast.reads', 'an object of settings'],
    [{ reads: null }, 'fast.reads', 'an object of settings'],
    [{ reads: [] }, 'fast.reads', 'an object of settings'],
    [{ all: { maxRetries: 1 }, maxRetries: 2 }, 'fast.maxRetries', 'fast.all.maxRetries is given too'],
    [5, 'fast', 'an object of scopes and settings'],
    [null, 'fast', 'an object of scopes and settings'],
    // Settings that cannot matter where they stand are mistakes, not decoration.
    [
      { reads: { durableDelete: true } },
      'fast.reads.durableDelete',
      'cannot affect anything in the scope reads',
    ],
    [
      { readsSc: { commitLevel: 'COMMIT_ALL' } },
      'fast.readsSc.commitLevel',
      'WRITE_RETRYABLE or WRITE_NON_RETRYABLE',
    ],
    [{ writesSc: { commitLevel: 'COMMIT_MASTER' } }, 'fast.writesSc.commitLevel', 'AP'],
    [{ readsAp: { readModeSc: 'LINEARIZE' } }, 'fast.readsAp.readModeSc', 'It concerns SC'],
    [{ readsPoint: { allowInline: true } }, 'fast.readsPoint.allowInline', 'It concerns BATCH'],
    [{ readsBatch: { recordQueueSize: 5 } }, 'fast.readsBatch.recordQueueSize', 'It concerns QUERY'],
    [{ writes: { readTouchTtlPercent: 5 } }, 'fast.writes.readTouchTtlPercent', 'It concerns READ'],
  ])('refuses %j', (changes, path, message) => {
    const error = configErrorOf(() => Behavior.DEFAULT.derive('fast', changes as BehaviorChanges))
    expect(error.path).toBe(path)
    expect(error.message).toContain(message)
  })

  it.each(['', ' ', undefined, 5])('refuses the name %o', (name) => {
    expect(configErrorOf(() => Behavior.DEFAULT.derive(name as string)).path).toBe('behavior.name')
  })
})

describe('settingsFor', () => {
  it.each(TRIPLES)('gives one frozen object for %s %s %s', (...triple) => {
    const settings = Behavior.FAST_RACK_AWARE.settingsFor(...triple)
    expect(Behavior.FAST_RACK_AWARE.settingsFor(...triple)).toBe(settings)
    expect(Object.isFrozen(settings)).toBe(true)
  })

  it('shares the object of the parent where nothing was changed', () => {
    const point = Behavior.READ_FAST.settingsFor('WRITE_RETRYABLE', 'POINT')
    expect(point).toBe(Behavior.DEFAULT.settingsFor('WRITE_RETRYABLE', 'POINT'))
  })

  it('lists the settings in the same order whatever was changed', () => {
    const names = Object.keys(Behavior.DEFAULT.settingsFor('READ', 'POINT'))
    const behavior = Behavior.DEFAULT.derive('order', {
      replica: 'MASTER',
      writesBatch: { allowInline: false },
    })
    for (const triple of TRIPLES) expect(Object.keys(behavior.settingsFor(...triple))).toEqual(names)
  })

  it('takes AP unless told otherwise', () => {
    const { STRICTLY_CONSISTENT } = Behavior
    expect(STRICTLY_CONSISTENT.settingsFor('READ', 'POINT')).toBe(
      STRICTLY_CONSISTENT.settingsFor('READ', 'POINT', 'AP'),
    )
  })

  it.each<[unknown, unknown, unknown, string, string]>([
    ['READS', 'POINT', 'AP', 'kind', 'Did you mean READ?'],
    ['WRITE', 'POINT', 'AP', 'kind', 'READ, WRITE_RETRYABLE, WRITE_NON_RETRYABLE'],
    ['READ', 'SCAN', 'AP', 'shape', 'POINT, BATCH, QUERY'],
    ['READ', 'POINT', 'CP', 'mode', 'AP, SC'],
    ['WRITE_RETRYABLE', 'SCAN', 'AP', 'shape', 'POINT, BATCH, QUERY'],
    ['WRITE_RETRYABLE', 'POINT', 'CP', 'mode', 'AP, SC'],
  ])('refuses %s %s %s', (kind, shape, mode, path, message) => {
    const error = configErrorOf(() =>
      Behavior.DEFAULT.settingsFor(...([kind, shape, mode] as unknown as Triple)),
    )
    expect(error.path).toBe(path)
    expect(error.message).toContain(message)
  })
})

describe('the tree', () => {
  it('knows children and finds below itself, depth first', () => {
    const root = Behavior.DEFAULT.derive('root')
    const left = root.derive('left')
    const deep = left.derive('same')
    const right = root.derive('same')
    expect(root.children).toEqual([left, right])
    expect(root.find('root')).toBe(root)
    expect(root.find('same')).toBe(deep)
    expect(right.find('same')).toBe(right)
    expect(root.find('DEFAULT')).toBeUndefined()
    expect(Behavior.DEFAULT.find('FAST_RACK_AWARE')).toBe(Behavior.FAST_RACK_AWARE)
  })

  it('keeps every child that is held, however many there are', () => {
    const root = Behavior.DEFAULT.derive('root')
    const held = Array.from({ length: 100 }, (_, index) => root.derive(`child ${index}`))
    expect(root.children).toEqual(held)
  })

  it('lets go of children that nobody holds', async () => {
    const root = Behavior.DEFAULT.derive('root')
    const held = root.derive('held')
    for (let index = 0; index < 1_000; index++) root.derive(`dropped ${index}`)
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    // A weak reference lasts at least to the end of the turn in which it was looked at.
    for (let turn = 0; turn < 20 && root.children.length > 1; turn++) {
      await new Promise<void>((resolve) => setImmediate(resolve))
      collect()
    }
    expect(root.children).toEqual([held])
  })
})

describe('types', () => {
  it('come from the table', () => {
    expectTypeOf<Settings['totalTimeout']>().toEqualTypeOf<Duration | undefined>()
    expectTypeOf<Settings['maxRetries']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<Settings['sendKey']>().toEqualTypeOf<boolean | undefined>()
    expectTypeOf<Settings['readModeAp']>().toEqualTypeOf<'ONE' | 'ALL' | undefined>()
    expectTypeOf<ResolvedSettings>().toEqualTypeOf<{
      readonly totalTimeout: number
      readonly socketTimeout: number
      readonly maxRetries: number
      readonly retryDelay: number
      readonly sendKey: boolean
      readonly durableDelete: boolean
      readonly commitLevel: 'COMMIT_ALL' | 'COMMIT_MASTER'
      readonly replica: 'MASTER' | 'MASTER_PROLES' | 'SEQUENCE' | 'PREFER_RACK' | 'RANDOM'
      readonly readModeAp: 'ONE' | 'ALL'
      readonly readModeSc: 'SESSION' | 'LINEARIZE' | 'ALLOW_REPLICA' | 'ALLOW_UNAVAILABLE'
      readonly useCompression: boolean
      readonly compressionThreshold: number
      readonly maxConcurrentNodes: number
      readonly recordQueueSize: number
      readonly recordQueueBytes: number
      readonly allowInline: boolean
      readonly allowInlineSsd: boolean
      readonly readTouchTtlPercent: number
    }>()
    expectTypeOf<keyof BehaviorChanges>().toEqualTypeOf<keyof Settings | ScopeName>()
    expectTypeOf(Behavior.DEFAULT.settingsFor).parameters.toEqualTypeOf<
      [kind: OperationKind, shape: OperationShape, mode?: NamespaceMode]
    >()
  })

  it('refuse before the program runs what is refused when it does', () => {
    // @ts-expect-error an unknown setting
    expect(() => Behavior.DEFAULT.derive('x', { reads: { maxRetrys: 1 } })).toThrow()
    // @ts-expect-error an unknown scope
    expect(() => Behavior.DEFAULT.derive('x', { read: {} })).toThrow()
    // @ts-expect-error a text without a unit
    expect(() => Behavior.DEFAULT.derive('x', { totalTimeout: '5' })).toThrow()
    // @ts-expect-error no such choice
    expect(() => Behavior.DEFAULT.derive('x', { replica: 'NEAREST' })).toThrow()
    // @ts-expect-error not constructed but derived
    expect(() => new Behavior('x', undefined, { bad: 1 })).toThrow()
  })
})
