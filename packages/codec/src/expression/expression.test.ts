import { everyPrefix, hex, rounds, seededRandom, toHex } from '@aero/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONTEXT_CREATE } from '../cdt/context.ts'
import { LIST_OPCODE } from '../cdt/list-opcode.ts'
import { CodecError, EncodeError, LimitExceededError } from '../errors.ts'
import { Double } from '../value/double.ts'
import { GeoJson } from '../value/geo-json.ts'
import { HyperLogLog } from '../value/hyper-log-log.ts'
import { SortedMap } from '../value/sorted-map.ts'
import type { Value } from '../value/value.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { decodeExpression, readContext } from './decode-expression.ts'
import { encodeExpression, writeContext } from './encode-expression.ts'
import { EXPRESSION_TYPE, type ExpressionType } from './expression-type.ts'
import type { Expression, PathStep } from './node.ts'
import { OPERATOR, type OperatorName } from './opcode.ts'

const value = (content: Value): Expression => ({ kind: 'value', value: content })
const int = (name: string): Expression => ({ kind: 'bin', type: 'int', name })
const apply = (operator: OperatorName, ...args: Expression[]): Expression => ({
  kind: 'apply',
  operator,
  args,
})
const decoded = (bytes: Uint8Array): Expression => decodeExpression(ByteReader.over(bytes))

/** Bytes worked out by hand from as/src/base/exp.c of the server. */
const EXAMPLES: readonly (readonly [hex: string, expression: Expression])[] = [
  ['93 03 93 51 02 a1 61 12', apply('gt', int('a'), value(18))],
  ['91 45', apply('ttl')],
  ['92 7e 93 01 c3 a2 03 78', value([1, true, 'x'])],
  ['82 c7 00 01 c0 a2 03 6b 92 01 02', value(new SortedMap({ k: [1, 2] }))],
  ['81 a2 03 6b cb 3f f0 00 00 00 00 00 00', value({ k: new Double(1) })],
  ['a3 12 01 02', value(new HyperLogLog(hex('0102')))],
  ['a3 17 7b 7d', value(new GeoJson('{}'))],
  ['d4 ff 01', { kind: 'infinity' }],
  ['d4 ff 00', { kind: 'wildcard' }],
  ['92 50 03', { kind: 'key', type: 'string' }],
  ['92 52 a2 c3 a9', { kind: 'binType', name: 'é' }],
  ['92 40 cd 01 00', { kind: 'digestModulo', modulo: 256 }],
  [
    '94 07 02 a2 5e 61 93 51 03 a1 73',
    { kind: 'regex', flags: 2, pattern: '^a', text: { kind: 'bin', type: 'string', name: 's' } },
  ],
  ['94 7b c3 01 02', { kind: 'cond', cases: [{ when: value(true), gives: value(1) }], otherwise: value(2) }],
  [
    '94 7d a1 78 05 92 7c a1 78',
    { kind: 'let', variables: [{ name: 'x', value: value(5) }], body: { kind: 'variable', name: 'x' } },
  ],
  ['93 7a 07 01', { kind: 'loopVariable', type: 'float', part: 'value' }],
  [
    '95 7f 02 00 91 10 93 51 04 a1 6c',
    {
      kind: 'call',
      system: 'cdt',
      modifies: false,
      returns: 'int',
      context: [],
      opcode: LIST_OPCODE.size,
      args: [],
      on: { kind: 'bin', type: 'list', name: 'l' },
    },
  ],
  [
    // An argument that is a list is quoted; the context's own values are not.
    '95 7f 04 40 93 cc ff 92 13 91 01 92 02 92 7e 91 07 93 51 04 a1 6c',
    {
      kind: 'call',
      system: 'cdt',
      modifies: true,
      returns: 'list',
      context: [{ by: 'listValue', value: [1] }],
      opcode: LIST_OPCODE.appendItems,
      args: [value([7])],
      on: { kind: 'bin', type: 'list', name: 'l' },
    },
  ],
  [
    '95 7f 04 40 94 cc fe 94 04 c3 cd 02 04 c2 14 91 64 93 51 04 a1 6c',
    {
      kind: 'select',
      returns: 'list',
      path: [
        { by: 'filter', filter: value(true) },
        { by: 'filter', filter: value(false), and: true },
      ],
      flags: 16,
      modify: apply('removeResult'),
      on: { kind: 'bin', type: 'list', name: 'l' },
    },
  ],
  ['92 cc 80 a5 24 2e 61 3e 31', { kind: 'text', text: '$.a>1' }],
]

describe('expressions as bytes', () => {
  it.each(EXAMPLES)('%s', (bytes, expression) => {
    expect(toHex(encodeExpression(expression))).toBe(bytes.replaceAll(' ', ''))
    expect(decoded(hex(bytes))).toEqual(expression)
  })

  it.each(EXAMPLES)('cut anywhere is refused: %s', (bytes) => {
    for (const prefix of everyPrefix(hex(bytes))) {
      expect(() => decoded(prefix)).toThrow(CodecError)
    }
  })

  it.each([
    ['an empty list', '90'],
    ['an operator that does not exist', '92 0f 01'],
    ['a code that is no number', '92 a1 61 01'],
    ['too few arguments', '92 01 01'],
    ['too many arguments', '93 12 c3 c3'],
    ['something behind it', '01 02'],
    ['a bin of no type', '93 51 0a a1 61'],
    ['a bin whose name is a number', '93 51 02 01'],
    ['a quoted number', '92 7e 01'],
    ['cond without a last case', '93 7b c3 01'],
    ['let without a body', '93 7d a1 78 05'],
    ['a part that does not exist', '93 7a 02 03'],
    ['a key of a kind that keys are not', '92 50 04'],
    ['a call to nothing', '95 7f 02 05 91 10 93 51 04 a1 6c'],
    ['a call that is no list', '95 7f 02 00 10 93 51 04 a1 6c'],
    ['a context of three elements', '95 7f 02 00 93 cc ff 93 10 00 01 91 10 93 51 04 a1 6c'],
    ['a step that does not exist', '95 7f 02 00 93 cc ff 92 19 00 91 10 93 51 04 a1 6c'],
    ['a step by an index that is a text', '95 7f 02 00 93 cc ff 92 10 a2 03 61 91 10 93 51 04 a1 6c'],
    ['an extension of another type', 'd4 01 01'],
    ['a bound that does not exist', 'd4 ff 02'],
    ['a map with a key twice', '82 a2 03 61 01 a2 03 61 02'],
    ['a map with a list for a key', '81 91 01 02'],
    ['a list that claims more than there is', 'dd ff ff ff ff 01'],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decoded(hex(bytes))).toThrow(CodecError)
  })

  it('reads integers and heads in longer forms than it writes', () => {
    expect(
      decoded(hex('dc 0003 d3 0000000000000003 93 cd 0051 cc02 d9 01 61 c9'.replace('c9', 'd0 12'))),
    ).toEqual(apply('gt', int('a'), value(18)))
  })

  it('stops at a depth, both ways', () => {
    let deep = value(1)
    for (let level = 0; level < 257; level++) deep = apply('abs', deep)
    expect(() => encodeExpression(deep)).toThrow(EncodeError)
    const bytes = hex(`${'921b'.repeat(257)}01`)
    expect(() => decoded(bytes)).toThrow(LimitExceededError)
    expect(() => decoded(hex(`${'921b'.repeat(200_000)}01`))).toThrow(LimitExceededError)
    expect(() => decoded(hex(`927e${'91'.repeat(200_000)}01`))).toThrow(LimitExceededError)
    expect(decoded(hex(`${'921b'.repeat(256)}01`)).kind).toBe('apply')
  })

  it('says where a value cannot be written', () => {
    const wrong = apply('eq', int('a'), value([1, [Number.MAX_SAFE_INTEGER + 1]]))
    expect(() => encodeExpression(wrong)).toThrow(/^args\[1\]\[1\]\[0\]: /)
  })
})

describe('contexts as bytes', () => {
  const CONTEXTS: readonly (readonly [hex: string, context: readonly PathStep[]])[] = [
    ['92 22 a2 03 61', [{ by: 'mapKey', value: 'a' }]],
    [
      '94 10 00 21 ff',
      [
        { by: 'listIndex', index: 0 },
        { by: 'mapRank', rank: -1 },
      ],
    ],
    ['92 cc a2 05', [{ by: 'mapKey', value: 5, create: CONTEXT_CREATE.keyOrderedMap }]],
    ['92 2a 92 01 02', [{ by: 'mapKeys', keys: [1, 2] }]],
    [
      '92 04 93 03 93 7a 02 01 05',
      [{ by: 'filter', filter: apply('gt', { kind: 'loopVariable', type: 'int', part: 'value' }, value(5)) }],
    ],
    ['90', []],
  ]
  it.each(CONTEXTS)('%s', (bytes, context) => {
    const out = new ByteWriter(8)
    writeContext(out, context)
    expect(toHex(out.take())).toBe(bytes.replaceAll(' ', ''))
    expect(readContext(ByteReader.over(hex(bytes)))).toEqual(context)
  })
})

const TYPES = Object.keys(EXPRESSION_TYPE) as ExpressionType[]
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt(-(2n ** 63n), -(2n ** 53n)),
  fc
    .double({ noNaN: true })
    .map((number) => (Number.isInteger(number) && !Object.is(number, -0) ? new Double(number) : number)),
  fc.boolean(),
  fc.constant(null),
  text,
  fc.uint8Array({ maxLength: 5 }).map((bytes) => new Uint8Array(bytes)),
)
const literal: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 3, noNullPrototype: true })
      .map((entries) => new SortedMap(entries)),
  ),
})).value
const trees = fc.letrec<{ node: Expression; step: PathStep }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    literal.map(value),
    fc.record({ kind: fc.constant('bin' as const), type: fc.constantFrom(...TYPES), name: text }),
    fc.constantFrom(...(Object.keys(OPERATOR) as OperatorName[])).chain((operator) => {
      const { takes } = OPERATOR[operator]
      const limits = takes === 'any' ? { maxLength: 3 } : { minLength: takes, maxLength: takes }
      return fc.array(tie('node'), limits).map((args) => apply(operator, ...args))
    }),
    fc.record({
      kind: fc.constant('let' as const),
      variables: fc.array(fc.record({ name: text, value: tie('node') }), { maxLength: 2 }),
      body: tie('node'),
    }),
    fc.record({
      kind: fc.constant('cond' as const),
      cases: fc.array(fc.record({ when: tie('node'), gives: tie('node') }), { maxLength: 2 }),
      otherwise: tie('node'),
    }),
    fc.record({
      kind: fc.constant('call' as const),
      system: fc.constantFrom('cdt' as const, 'bit' as const, 'hll' as const),
      modifies: fc.boolean(),
      returns: fc.constantFrom(...TYPES),
      context: fc.array(tie('step'), { maxLength: 2 }),
      opcode: fc.integer({ min: 0, max: 110 }),
      args: fc.array(tie('node'), { maxLength: 3 }),
      on: tie('node'),
    }),
  ),
  step: fc.oneof(
    { maxDepth: 3 },
    fc.record({ by: fc.constantFrom('listIndex' as const, 'mapIndex' as const), index: fc.integer() }),
    fc.record({ by: fc.constantFrom('listValue' as const, 'mapKey' as const), value: literal }),
    fc.record({ by: fc.constant('filter' as const), filter: tie('node') }),
  ),
}))

describe('expressions in general', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(trees.node, (tree) => {
        expect(decoded(encodeExpression(tree))).toEqual(tree)
      }),
    )
  })

  it('throw only CodecError, whatever the bytes', () => {
    const random = seededRandom(4)
    const sources = EXAMPLES.map(([bytes]) => hex(bytes))
    for (let round = 0; round < rounds(20_000); round++) {
      const bytes = (sources[round % sources.length] as Uint8Array).slice()
      for (let change = random.int(0, 2); change >= 0; change--) {
        bytes[random.int(0, bytes.length - 1)] = random.int(0, 255)
      }
      try {
        decoded(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
      }
    }
  })
})
