import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IndexEntries, type IndexPlace } from './index-entries.ts'
import type { StoredBin } from './stored-record.ts'

interface Change {
  readonly record: number
  readonly values: readonly number[]
}

const digest = (record: number) => String.fromCharCode(3, record & 0xf0, (record & 0x0f) << 4, record, 1)
const places = (found: readonly IndexPlace[]) =>
  found.map(({ value, digest }) => `${value} ${digest.charCodeAt(3)}`)

describe('the entries of an index', () => {
  it('give what looking at every record gives, in pages of any size', () => {
    const changes = fc.array(
      fc.record<Change>({
        record: fc.integer({ min: 0, max: 30 }),
        values: fc.uniqueArray(fc.integer({ min: -5, max: 5 }), { maxLength: 3 }),
      }),
      { maxLength: 80 },
    )
    const bound = fc.integer({ min: -6, max: 6 })
    fc.assert(
      fc.property(changes, bound, bound, fc.integer({ min: 1, max: 7 }), (steps, a, b, page) => {
        const entries = new IndexEntries()
        const model = new Map<number, readonly number[]>()
        for (const { record, values } of steps) {
          const sorted = values.toSorted((first, second) => first - second)
          if (sorted.length === 0) entries.remove(3, digest(record))
          else entries.replace(3, digest(record), bin(), sorted.map(BigInt))
          model.set(record, sorted)
        }
        const [first, last] = a < b ? [BigInt(a), BigInt(b)] : [BigInt(b), BigInt(a)]
        const expected = [...model]
          .flatMap(([record, values]) => {
            const lowest = values.find((value) => value >= first)
            return lowest !== undefined && lowest <= last ? [`${lowest} ${record}`] : []
          })
          .sort()
        const whole = entries.range(3, first, last, undefined)
        expect(places(whole).toSorted()).toEqual(expected)
        expect(whole.map(({ value }) => value)).toEqual(
          whole.map(({ value }) => value).toSorted((x, y) => Number(x - y)),
        )
        const paged: IndexPlace[] = []
        for (;;) {
          const next = entries.range(3, first, last, paged.at(-1)).slice(0, page)
          if (next.length === 0) break
          paged.push(...next)
        }
        // What has several values comes again, page by page.
        expect(new Set(paged.map((place) => place.digest))).toEqual(
          new Set(whole.map((place) => place.digest)),
        )
        const held = [...model.values()].flat()
        expect(paged.length).toBeLessThanOrEqual(held.length)
        expect(
          paged.every((place, at) => at === 0 || place.value >= (paged[at - 1] as IndexPlace).value),
        ).toBe(true)
        expect([entries.size, entries.values]).toEqual([held.length, new Set(held).size])
        expect(entries.records).toBe([...model.values()].filter(({ length }) => length > 0).length)
        entries.clearPartition(3)
        expect([entries.size, entries.values, entries.records]).toEqual([0, 0, 0])
      }),
    )
  })
})

function bin(): StoredBin {
  return { name: new Uint8Array([110]), type: 1, particle: new Uint8Array(8) }
}
