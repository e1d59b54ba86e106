import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AelNode,
  METADATA,
  type PathElement,
  type PathFunction,
  RETURNS,
  type Selector,
  VALUE_TYPES,
} from './ast.ts'
import { parse } from './parser.ts'
import { print } from './print.ts'

const here = { start: 0, end: 0 }

/** A tree without its places in the text, whole numbers as text. */
function shape(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => {
      if (key === 'start' || key === 'end') return undefined
      return typeof value === 'bigint' ? `${value}n` : value
    }),
  )
}

describe('print', () => {
  it.each([
    ['1 + 2 * 3', '1 + 2 * 3'],
    ['(1 + 2) * 3', '(1 + 2) * 3'],
    ['1 - (2 - 3)', '1 - (2 - 3)'],
    ['(1 - 2) - 3', '1 - 2 - 3'],
    ['(2 ** 3) ** 4', '(2 ** 3) ** 4'],
    ['2 ** (3 ** 4)', '2 ** 3 ** 4'],
    ['-(2 ** 3)', '-(2 ** 3)'],
    ['(-2) ** 3', '-2 ** 3'],
    ['($.a&1)==1', '$.a & 1 == 1'],
    ['($.a == 1) == true', '($.a == 1) == true'],
    ['$.a or ($.b and $.c)', '$.a or $.b and $.c'],
    ['($.a or $.b) and $.c', '($.a or $.b) and $.c'],
    ['$.a or ($.b or $.c)', '$.a or ($.b or $.c)'],
    ['not ( $.a )', 'not($.a)'],
    ['$.m."a b".0x10.{!a-c}', '$.m."a b".16.{!a-c}'],
    ['$."my-bin".[=1,"x y"]', '$."my-bin".[=1,"x y"]'],
    ["$.m.{#-1:~'it'}", '$.m.{#-1:~it}'],
    [`'say "hi"'`, `'say "hi"'`],
    ['0.0000001', '0.0000001'],
    ['100000000000000000000000.0', '100000000000000000000000.0'],
    ["$.a IN ['x']", '$.a in ["x"]'],
    [`let(x=1)then($\{x})`, `let (x = 1) then ($\{x})`],
    ['when($.a==1=>2,default=>3)', 'when ($.a == 1 => 2, default => 3)'],
    ['$.a.get( type : INT , return : VALUE )', '$.a.get(type: INT, return: VALUE)'],
    ['5.asFloat()', '5.asFloat()'],
    ['{}', '{}'],
    ['{1:[true],"a":?0}', '{1: [true], "a": ?0}'],
  ])('%s', (text, printed) => {
    expect(print(parse(text))).toBe(printed)
    expect(shape(parse(printed))).toEqual(shape(parse(text)))
  })

  it('refuses what has no form', () => {
    expect(() => print({ kind: 'string', value: `'"`, ...here })).toThrow(RangeError)
    expect(() => print({ kind: 'float', value: Number.NaN, ...here })).toThrow(RangeError)
  })
})

const word = fc.stringMatching(/^[A-Za-z_]\w{0,6}$/)
const quotable = fc
  .string({ unit: 'grapheme', maxLength: 8 })
  .filter((text) => !text.includes('"') || !text.includes("'"))
const whole = fc.bigInt(0n, 2n ** 63n - 1n)
const bytes = fc.uint8Array({ maxLength: 4 }).map((each) => Uint8Array.from(each))
const selector: fc.Arbitrary<Selector> = fc.oneof(fc.bigInt(-50n, 50n), word, quotable, bytes)
const key: fc.Arbitrary<Selector> = fc.oneof(fc.bigInt(0n, 50n), word, quotable, bytes)
const place = fc.integer({ min: -9, max: 9 })
const on = fc.constantFrom('map' as const, 'list' as const)
const inverted = fc.boolean()

/** A range with or without an end. */
function range<From, To>(from: fc.Arbitrary<From>, to: fc.Arbitrary<To>) {
  return fc.oneof(fc.record({ from }), fc.record({ from, to }))
}

const element: fc.Arbitrary<PathElement> = fc
  .oneof(
    selector.map((each) => ({ on: 'map' as const, by: 'key' as const, key: each })),
    fc.record({ on, by: fc.constantFrom('index' as const, 'rank' as const), at: place }),
    fc.record({ on, by: fc.constant('value' as const), value: selector }),
    fc
      .tuple(range(key, key), inverted)
      .map(([ends, not]) => ({ on: 'map' as const, by: 'keyRange' as const, inverted: not, ...ends })),
    // One key that is a number and not inverted would be an index.
    fc.record({
      on: fc.constant('map' as const),
      by: fc.constant('keyList' as const),
      keys: fc.array(key, { minLength: 2, maxLength: 4 }),
      inverted,
    }),
    fc
      .tuple(on, fc.constantFrom('indexRange' as const, 'rankRange' as const), range(place, place), inverted)
      .map(([side, by, ends, not]) => ({ on: side, by, inverted: not, ...ends })),
    fc.record({
      on,
      by: fc.constant('valueList' as const),
      values: fc.array(selector, { minLength: 2, maxLength: 3 }),
      inverted,
    }),
    fc
      .tuple(on, range(selector, selector), inverted)
      .map(([side, ends, not]) => ({ on: side, by: 'valueRange' as const, inverted: not, ...ends })),
    fc.tuple(on, range(place, place), selector, inverted).map(([side, ends, value, not]) => ({
      on: side,
      by: 'relativeRankRange' as const,
      value,
      inverted: not,
      ...ends,
    })),
    fc.tuple(range(place, place), key, inverted).map(([ends, at, not]) => ({
      on: 'map' as const,
      by: 'relativeIndexRange' as const,
      key: at,
      inverted: not,
      ...ends,
    })),
  )
  .map((each) => ({ ...each, ...here }))

const trees = fc.letrec<{ node: AelNode; call: PathFunction }>((tie) => {
  const node = tie('node')
  const several = fc.array(node, { minLength: 2, maxLength: 3 })
  return {
    call: fc.oneof(
      fc
        .constantFrom(
          'asInt' as const,
          'asFloat' as const,
          'exists' as const,
          'count' as const,
          'hllCount' as const,
        )
        .map((name) => ({ name, ...here })),
      fc
        .tuple(fc.option(fc.constantFrom(...VALUE_TYPES)), fc.option(fc.constantFrom(...RETURNS)))
        .map(([type, returns]) => ({
          name: 'get' as const,
          ...(type === null ? {} : { type }),
          ...(returns === null ? {} : { returns }),
          ...here,
        })),
      node.map((argument) => ({ name: 'hllUnion' as const, argument, ...here })),
    ),
    node: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(
        whole.map((value) => ({ kind: 'int' as const, value, ...here })),
        fc
          .double({ min: 0, noNaN: true, noDefaultInfinity: true })
          .map((value) => ({ kind: 'float' as const, value: Math.abs(value), ...here })),
        quotable.map((value) => ({ kind: 'string' as const, value, ...here })),
        bytes.map((value) => ({ kind: 'blob' as const, value, ...here })),
        fc.boolean().map((value) => ({ kind: 'bool' as const, value, ...here })),
        fc.nat({ max: 9 }).map((index) => ({ kind: 'placeholder' as const, index, ...here })),
        word.map((name) => ({ kind: 'variable' as const, name, ...here })),
        fc.constantFrom(...METADATA).map((name) => ({ kind: 'metadata' as const, name, ...here })),
        whole.map((modulo) => ({ kind: 'digestModulo' as const, modulo, ...here })),
        fc
          .constantFrom('unknown' as const, 'error' as const)
          .map((name) => ({ kind: 'unknown' as const, word: name, ...here })),
        whole.map((value) => ({
          kind: 'cast' as const,
          to: 'FLOAT' as const,
          of: { kind: 'int' as const, value, ...here },
          ...here,
        })),
      ),
      fc
        .tuple(
          fc.oneof(
            word,
            quotable.filter((text) => text !== ''),
          ),
          fc.array(element, { maxLength: 3 }),
          fc.option(tie('call')),
          fc.boolean(),
        )
        .map(([bin, elements, call, isWhole]) => ({
          kind: 'path' as const,
          bin,
          elements: isWhole
            ? [...elements, { on: 'list' as const, by: 'whole' as const, ...here }]
            : elements,
          ...(call === null ? {} : { call }),
          ...here,
        })),
      fc
        .tuple(fc.constantFrom('-' as const, '+' as const, '~' as const), node)
        .map(([operator, operand]) => ({ kind: 'unary' as const, operator, operand, ...here })),
      fc
        .tuple(
          fc.constantFrom(
            '==',
            '!=',
            '>',
            '>=',
            '<',
            '<=',
            'in',
            '+',
            '-',
            '*',
            '/',
            '%',
            '**',
            '&',
            '|',
            '^',
            '<<',
            '>>',
            '>>>' as const,
          ),
          node,
          node,
        )
        .map(([operator, left, right]) => ({
          kind: 'binary' as const,
          operator: operator as '==',
          left,
          right,
          ...here,
        })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), several)
        .map(([operator, operands]) => ({ kind: 'logic' as const, operator, operands, ...here })),
      node.map((operand) => ({ kind: 'not' as const, operand, ...here })),
      several.map((operands) => ({ kind: 'exclusive' as const, operands, ...here })),
      fc.array(node, { maxLength: 3 }).map((items) => ({ kind: 'list' as const, items, ...here })),
      fc
        .tuple(fc.constantFrom('abs', 'max', 'nosuch'), fc.array(node, { maxLength: 3 }))
        .map(([name, args]) => ({ kind: 'call' as const, name, args, ...here })),
      fc
        .tuple(fc.array(fc.tuple(word, node), { minLength: 1, maxLength: 2 }), node)
        .map(([variables, body]) => ({
          kind: 'let' as const,
          variables: variables.map(([name, value]) => ({ name, value, ...here })),
          body,
          ...here,
        })),
      fc
        .tuple(fc.array(fc.tuple(node, node), { minLength: 1, maxLength: 2 }), node)
        .map(([cases, otherwise]) => ({
          kind: 'when' as const,
          cases: cases.map(([condition, gives]) => ({ condition, gives })),
          otherwise,
          ...here,
        })),
    ),
  }
})

describe('parse and print', () => {
  it('are each other undone', () => {
    fc.assert(
      fc.property(trees.node, (tree) => {
        expect(shape(parse(print(tree)))).toEqual(shape(tree))
      }),
      { numRuns: 500 },
    )
  })
})
