import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PARTICLE_TYPE } from '../value/particle-type.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { NeighbouringTexts } from './neighbouring-texts.ts'
import { OPERATION_HEADER_BYTES, operationEnd, writePayloadOperation } from './operations.ts'

interface Bin {
  readonly name: string
  readonly type: number
  readonly payload: Uint8Array
}

const utf8 = new TextEncoder()
const strict = new TextDecoder('utf-8', { ignoreBOM: true })

function bin(payload: string | Uint8Array, name = 'name', type: number = PARTICLE_TYPE.string): Bin {
  return { name, type, payload: typeof payload === 'string' ? utf8.encode(payload) : payload }
}

function written(bins: readonly Bin[]): Uint8Array {
  const out = new ByteWriter()
  for (const { name, type, payload } of bins) writePayloadOperation(out, 1, name, type, payload)
  return out.take()
}

/** The texts among `bins`, read as a record's. */
function read(texts: NeighbouringTexts, bins: readonly Bin[]): string[] {
  const body = ByteReader.over(written(bins))
  const found: string[] = []
  texts.begin()
  for (const [index, { name, type }] of bins.entries()) {
    const end = operationEnd(body)
    body.position += OPERATION_HEADER_BYTES + utf8.encode(name).length
    if (type === PARTICLE_TYPE.string) found.push(texts.read(body, end, bins.length - index - 1))
    expect(type === PARTICLE_TYPE.string ? body.position : end).toBe(end)
    body.position = end
  }
  return found
}

/** The same, one by one. */
function decoded(bins: readonly Bin[]): string[] {
  return bins.filter(({ type }) => type === PARTICLE_TYPE.string).map(({ payload }) => strict.decode(payload))
}

const payloads = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 140 }).map((text) => utf8.encode(text)),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => utf8.encode(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
)
const names = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 15 }),
  fc.constant('größe'),
)
const types = fc.oneof(
  { weight: 6, arbitrary: fc.constant(PARTICLE_TYPE.string) },
  { weight: 1, arbitrary: fc.constantFrom(PARTICLE_TYPE.integer, PARTICLE_TYPE.blob) },
)
const records = fc.array(fc.record({ name: names, type: types, payload: payloads }), { maxLength: 20 })

describe('neighbouring texts', () => {
  it('are the same as texts read one by one, whatever the record before was', () => {
    const texts = new NeighbouringTexts()
    fc.assert(
      fc.property(records, (bins) => {
        expect(read(texts, bins)).toEqual(decoded(bins))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a sequence that begins in one text and would end in the next', [0xc3], [0xa4]],
    ['one of three bytes, cut after two', [0xe2, 0x82], [0xac]],
    ['bytes that are never UTF-8', [0xff, 0xfe], [0x80]],
    ['a byte order mark', [0xef, 0xbb, 0xbf], [0xef, 0xbb, 0xbf]],
  ])('do not run into one another: %s', (_name, last, first) => {
    const long = [...utf8.encode('x'.repeat(30))]
    const bins = [
      bin(Uint8Array.from([...long, ...last])),
      bin(Uint8Array.from([...first, ...long])),
      bin('plain'.repeat(8)),
    ]
    expect(read(new NeighbouringTexts(), bins)).toEqual(decoded(bins))
  })

  it('are found where operations end, not where bytes look like more of them', () => {
    const lookalike = written([bin('y'.repeat(40)), bin('z'.repeat(40))])
    const bins = [bin('x'.repeat(40)), bin(lookalike, 'blob', PARTICLE_TYPE.blob), bin('w'.repeat(40))]
    expect(read(new NeighbouringTexts(), bins)).toEqual(decoded(bins))
  })

  it('are not those of the record before, which stood in the same place', () => {
    const texts = new NeighbouringTexts()
    const record = (fill: string): Bin[] => [bin(fill.repeat(40)), bin(fill.repeat(30))]
    expect(read(texts, record('x'))).toEqual(['x'.repeat(40), 'x'.repeat(30)])
    expect(read(texts, record('y'))).toEqual(['y'.repeat(40), 'y'.repeat(30)])
  })

  it('end with the record, where another one follows at once', () => {
    const body = ByteReader.over(written([bin('x'.repeat(40)), bin('y'.repeat(40))]))
    const texts = new NeighbouringTexts()
    texts.begin()
    body.position = OPERATION_HEADER_BYTES + 4
    expect(texts.read(body, body.position + 40, 0)).toBe('x'.repeat(40))
  })

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 10)],
    ['of a size beyond the end', (bytes: Uint8Array) => bytes.with(bytes.length - 49, 0x7f)],
    ['of no size at all', (bytes: Uint8Array) => bytes.with(bytes.length - 49, 0)],
  ])('a follower %s makes no difference to the text before it', (_name, changed) => {
    const bytes = changed(written([bin('x'.repeat(40)), bin('y'.repeat(40))]))
    const body = ByteReader.over(bytes)
    body.position = OPERATION_HEADER_BYTES + 4
    const texts = new NeighbouringTexts()
    texts.begin()
    expect(texts.read(body, body.position + 40, 1)).toBe('x'.repeat(40))
  })
})
