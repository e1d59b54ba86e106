import { describe, expect, it } from 'vitest'
import {
  eventually,
  everyCut,
  everyPrefix,
  FakeClock,
  hex,
  inPieces,
  joined,
  loadVectors,
  seededRandom,
  toHex,
  vectorsFolder,
  withoutVolatile,
} from './index.ts'

describe('hex', () => {
  it('ignores layout and comments, and comes back', () => {
    expect(toHex(hex('02 03 | 0a0B # four\n ff'))).toBe('02030a0bff')
  })
  it.each([['0'], ['zz']])('refuses %j', (text) => {
    expect(() => hex(text)).toThrow(/^hex: /)
  })
})

describe('cuts', () => {
  const bytes = hex('00 01 02 03')
  it('cuts between every two bytes', () => {
    const cuts = [...everyCut(bytes)]
    expect(cuts.map((cut) => cut.at)).toEqual([1, 2, 3])
    for (const { head, tail } of cuts) expect(joined(head, tail)).toEqual(bytes)
  })
  it('knows every beginning', () => {
    expect([...everyPrefix(bytes)].map(toHex)).toEqual(['', '00', '0001', '000102'])
  })
  it('cuts into pieces', () => {
    expect([...inPieces(bytes, 3)].map(toHex)).toEqual(['000102', '03'])
  })
  it('gives copies', () => {
    for (const { head } of everyCut(bytes)) expect(head.buffer).not.toBe(bytes.buffer)
  })
})

describe('seeded random', () => {
  it('repeats itself for the same seed and not for another', () => {
    const take = (seed: number) => toHex(seededRandom(seed).bytes(16))
    expect(take(1)).toBe(take(1))
    expect(take(1)).not.toBe(take(2))
  })
  it('reaches both ends and nothing beyond', () => {
    const random = seededRandom(7)
    const seen = new Set<number>()
    for (let i = 0; i < 1000; i++) seen.add(random.int(-2, 2))
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2])
  })
  it('is even enough', () => {
    const random = seededRandom(11)
    let sum = 0
    for (let i = 0; i < 10_000; i++) sum += random.float()
    expect(sum / 10_000).toBeCloseTo(0.5, 1)
  })
  it('makes 64-bit integers', () => {
    const random = seededRandom(3)
    const least = -(2n ** 63n)
    const most = 2n ** 63n - 1n
    for (let i = 0; i < 100; i++) {
      const value = random.bigint(least, most)
      expect(value >= least && value <= most).toBe(true)
    }
  })
  it('shuffles without losing anything', () => {
    expect(seededRandom(5).shuffled([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4])
  })
})

describe('fake clock', () => {
  it('runs timers in order of their time, also those started on the way', () => {
    const clock = new FakeClock(100)
    const seen: [string, number][] = []
    clock.after(20, () => seen.push(['b', clock.now()]))
    clock.after(10, () => {
      seen.push(['a', clock.now()])
      clock.after(5, () => seen.push(['c', clock.now()]))
    })
    const cancel = clock.after(12, () => seen.push(['never', clock.now()]))
    cancel()
    clock.advance(20)
    expect(seen).toEqual([
      ['a', 110],
      ['c', 115],
      ['b', 120],
    ])
    expect(clock.pending).toBe(0)
  })
  it('lets promises run between timers', async () => {
    const clock = new FakeClock()
    const seen: string[] = []
    clock.after(1, () => void Promise.resolve().then(() => clock.after(1, () => seen.push('second'))))
    await clock.advanceAsync(2)
    expect(seen).toEqual(['second'])
  })
})

describe('eventually', () => {
  it('returns what was seen', async () => {
    let turns = 0
    expect(await eventually(() => (++turns > 3 ? turns : undefined))).toBe(4)
  })
  it('says what it waited for, and why it was not there', async () => {
    const waiting = eventually(
      () => {
        throw new Error('still closed')
      },
      { within: 5, expecting: 'the door to open' },
    )
    await expect(waiting).rejects.toMatchObject({
      message: 'not within 5 ms: the door to open',
      cause: { message: 'still closed' },
    })
  })
})

describe('vectors', () => {
  it('masks what may differ', () => {
    expect(toHex(withoutVolatile(hex('01 02 03 04'), [[1, 2, 'trid']]))).toBe('01000004')
  })
  it.skipIf(vectorsFolder() === undefined)('reads a group (needs AERO_VECTORS)', () => {
    const vectors = loadVectors('keys')
    expect(vectors.length).toBeGreaterThan(50)
    expect(vectors.every((vector) => vector.group === 'keys')).toBe(true)
  })
})
