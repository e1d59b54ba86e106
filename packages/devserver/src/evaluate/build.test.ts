import {
  ByteWriter,
  double,
  encodeExpression,
  MAP_OPCODE,
  type Expression as Node,
  type OperatorName,
  RETURN_TYPE,
  type Value,
} from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { StoredRecord } from '../store/stored-record.ts'
import { buildExpression } from './build.ts'
import { type Computed, isParticle, packedOf } from './computed.ts'
import { Evaluation, type Subject } from './evaluation.ts'
import { compileFilter } from './filter.ts'

const NOW = 1_767_225_600_000
const EPOCH_SECONDS = 1_262_304_000
const utf8 = (text: string) => new TextEncoder().encode(text)

function subject(): Subject {
  const record = new StoredRecord(Uint8Array.from({ length: 20 }, (_, index) => index))
  record.generation = 1
  record.setName = utf8('people')
  record.key = utf8('\u0003alice')
  record.bins = [
    { name: utf8('age'), type: 1, particle: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 28) },
    { name: utf8('name'), type: 3, particle: utf8('Alice') },
    { name: utf8('list'), type: 20, particle: Uint8Array.of(0x93, 3, 1, 2) },
    // { 'b': 1, 'a': 2 }, without order
    { name: utf8('map'), type: 19, particle: Uint8Array.of(0x82, 0xa2, 3, 98, 1, 0xa2, 3, 97, 2) },
  ]
  const voidTime = NOW / 1000 - EPOCH_SECONDS + 90
  return { record, bins: record.bins, voidTime, updatedAt: NOW - 1500, now: NOW }
}

const value = (plain: Value): Node => ({ kind: 'value', value: plain })
const apply = (operator: OperatorName, ...args: (Node | Value)[]): Node => ({
  kind: 'apply',
  operator,
  args: args.map(asNode),
})
const bin = (type: 'int' | 'string' | 'list' | 'map' | 'bool', name: string): Node => ({
  kind: 'bin',
  type,
  name,
})
const unknown = apply('unknown')
const variable = (name: string): Node => ({ kind: 'variable', name })
const let_ = (name: string, bound: Node | Value, body: Node): Node => ({
  kind: 'let',
  variables: [{ name, value: asNode(bound) }],
  body,
})
const cond = (when: Node | Value, gives: Node | Value, otherwise: Node | Value): Node => ({
  kind: 'cond',
  cases: [{ when: asNode(when), gives: asNode(gives) }],
  otherwise: asNode(otherwise),
})
const regex = (pattern: string, text: Node | Value, flags = 0): Node => ({
  kind: 'regex',
  flags,
  pattern,
  text: asNode(text),
})

function asNode(part: Node | Value): Node {
  const isNode = typeof part === 'object' && part !== null && 'kind' in part
  return isNode ? (part as Node) : value(part as Value)
}

function packed(expression: Node): Uint8Array {
  return encodeExpression(expression)
}

function evaluate(expression: Node): Computed {
  const built = buildExpression(packed(expression))
  if (built === undefined) throw new Error('refused')
  return built.evaluate(new Evaluation(subject()))
}

/** Of particles what they would be as an element of a list. */
function shown(computed: Computed): unknown {
  return isParticle(computed) ? [...(packedOf(computed) as Uint8Array)] : computed
}

const MAX = 2n ** 63n - 1n
const MIN = -(2n ** 63n)

describe('an expression', () => {
  it.each<[string, Node, unknown]>([
    ['compares', apply('gt', bin('int', 'age'), 18), true],
    ['compares texts by their bytes', apply('lt', bin('string', 'name'), 'alice'), true],
    ['compares lists', apply('eq', bin('list', 'list'), value([3, 1, 2])), true],
    ['does not compare maps without order', apply('eq', bin('map', 'map'), bin('map', 'map')), undefined],
    ['knows nothing of a bin that is not there', apply('eq', bin('int', 'none'), 1), undefined],
    ['knows nothing of a bin of another type', apply('eq', bin('int', 'name'), 1), undefined],
    ['finds in a list', apply('inList', 2, bin('list', 'list')), true],
    ['decides by one false', apply('and', unknown, false), false],
    ['decides by one true', apply('or', unknown, true), true],
    ['is unknown without one that decides', apply('and', unknown, true), undefined],
    ['is exclusive of a second true', apply('exclusive', true, true, unknown), false],
    ['is exclusive up to an unknown', apply('exclusive', unknown, true, true), undefined],
    ['negates nothing unknown', apply('not', unknown), undefined],
    [
      'takes the case that holds',
      cond(apply('eq', bin('int', 'age'), 28), 'yes', 'no'),
      [0xa4, 3, 121, 101, 115],
    ],
    ['does not go on behind an unknown case', cond(apply('eq', bin('int', 'none'), 28), 1, 2), undefined],
    ['keeps a variable', let_('x', bin('int', 'age'), apply('add', variable('x'), variable('x'))), 56n],
    ['wraps a sum', apply('add', MAX, 1), MIN],
    ['wraps a product of divisors', apply('div', 100, MIN, 2), undefined],
    ['divides towards zero', apply('div', -7, 2), -3n],
    ['divides 1 by a single argument', apply('div', 4), 0n],
    ['negates a single argument', apply('sub', 4), -4n],
    ['has a remainder with the sign of the dividend', apply('mod', -7, 3), -1n],
    ['has no remainder by zero', apply('mod', 7, 0), undefined],
    ['makes the least integer of what is none', apply('toInt', Number.NaN), MIN],
    ['makes the least integer of what is too large', apply('toInt', double(1e300)), MIN],
    ['raises 1 to whatever power', apply('pow', double(1), Number.NaN), 1],
    ['leaves the least integer without a sign to lose', apply('abs', MIN), MIN],
    ['takes a shift modulo 64', apply('intLeftShift', 1, 65), 2n],
    ['shifts zeros in', apply('intRightShift', -1, 60), 15n],
    ['keeps the sign', apply('intArithmeticRightShift', -16, 2), -4n],
    ['counts bits', apply('intCount', -1), 64n],
    ['scans from the left', apply('intLeftScan', 1, true), 63n],
    ['scans from the right', apply('intRightScan', -2, false), 63n],
    ['finds no bit', apply('intLeftScan', 0, true), -1n],
    ['matches a basic pattern', regex('^A.*e$', bin('string', 'name')), true],
    ['takes a plus in a basic pattern as it stands', regex('l+', 'all'), false],
    ['matches an extended pattern', regex('^(al|AL)+i', 'alALice', 1), true],
    ['matches without case', regex('aLiCe', bin('string', 'name'), 2), true],
    ['knows the set', apply('setName'), [0xa7, 3, ...utf8('people')]],
    ['knows the key', { kind: 'key', type: 'string' }, [0xa6, 3, ...utf8('alice')]],
    ['knows no key of another type', { kind: 'key', type: 'int' }, undefined],
    ['knows the time to live', apply('ttl'), 90n],
    ['knows when the record expires', apply('voidTime'), BigInt(NOW + 90_000) * 1_000_000n],
    ['knows when the record was written', apply('lastUpdate'), BigInt(NOW - 1500) * 1_000_000n],
    ['knows how long ago', apply('sinceUpdate'), 1500n],
    ['knows that there is a key', apply('keyExists'), true],
    ['takes the digest modulo', { kind: 'digestModulo', modulo: 100 }, BigInt(0x13121110 % 100)],
    ['knows the type of a bin', { kind: 'binType', name: 'list' }, 20n],
    ['knows that there is no bin', { kind: 'binType', name: 'none' }, 0n],
    [
      'makes a list of the keys of a map',
      apply('mapKeys', bin('map', 'map')),
      [0x92, 0xa2, 3, 98, 0xa2, 3, 97],
    ],
    ['makes no list of the keys of a list', apply('mapKeys', bin('list', 'list')), undefined],
  ])('%s', (_, expression, expected) => {
    expect(shown(evaluate(expression))).toEqual(expected)
  })

  it.each<[string, Node]>([
    ['a comparison of two types', apply('eq', 1, 'a')],
    ['a sum of two types', apply('add', 1, 1.5)],
    ['a sum of texts', apply('add', 'a', 'b')],
    ['logic on a number', apply('and', true, 1)],
    ['logic on one argument', apply('or', true)],
    ['cases of two types', cond(true, 1, 'a')],
    ['a condition that is no truth', cond(1, 1, 2)],
    ['a variable that nobody has defined', variable('x')],
    ['a variable in its own definition', let_('x', apply('add', variable('x'), 1), variable('x'))],
    ['a variable defined twice', let_('x', 1, let_('x', 2, variable('x')))],
    ['a name that is none', let_('1x', 1, value(true))],
    ['a digest modulo 0', { kind: 'digestModulo', modulo: 0 }],
    ['a pattern that is none', regex('(', 'a', 1)],
    ['a repetition of nothing', regex('*a', 'a', 1)],
    ['a name of a bin that is too long', bin('int', 'x'.repeat(16))],
  ])('is refused for %s', (_, expression) => {
    expect(buildExpression(packed(expression))).toBeUndefined()
  })

  it('finds entries of a map that it holds by the order of their keys, however they were written', () => {
    const unsorted = { b: 1, a: 2 }
    const first: Node = {
      kind: 'call',
      system: 'cdt',
      modifies: false,
      returns: 'int',
      context: [],
      opcode: MAP_OPCODE.getByIndex,
      args: [value(RETURN_TYPE.value), value(0)],
      on: value(unsorted),
    }
    expect(evaluate(first)).toBe(2n)
  })

  it('does not compare an empty map without order that keeps an index', () => {
    const at = (keepsIndex: boolean): Computed => {
      const of = subject()
      const bins = [{ name: utf8('map'), type: 19, particle: Uint8Array.of(0x80), keepsIndex }]
      const same = buildExpression(packed(apply('eq', bin('map', 'map'), bin('map', 'map'))))
      return same?.evaluate(new Evaluation({ ...of, bins }))
    }
    expect(at(true)).toBeUndefined()
    expect(at(false)).toBe(true)
  })

  it('may give unknown in a case whatever the others give', () => {
    expect(evaluate(cond(false, unknown, 7))).toBe(7n)
    expect(evaluate(cond(true, unknown, 7))).toBeUndefined()
  })

  it.each([
    ['nothing', []],
    ['an empty list', [0x90]],
    ['a code that there is not', [0x91, 0x7b]],
    ['bytes behind it', [0xc3, 0x00]],
    ['bytes that are missing', [0x93, 1, 1]],
    ['nesting without end', Array.from({ length: 100_000 }, () => [0x92, 18]).flat()],
    ['what is only compared', [0xc7, 0, 0xff]],
  ])('is refused: %s', (_, bytes) => {
    expect(buildExpression(Uint8Array.from(bytes))).toBeUndefined()
  })

  it('of 1 MiB is refused: the server limits what it makes of one', () => {
    const sumOf = (count: number) => {
      const out = new ByteWriter(100_000)
      out.u8(0xdd)
      out.u32(count + 1)
      out.u8(20)
      for (let left = count; left > 0; left--) out.u8(1)
      return buildExpression(out.take())
    }
    expect(sumOf(65_535)).toBeDefined()
    expect(sumOf(65_536)).toBeUndefined()
  })
})

describe('a filter', () => {
  it('lets through what is true, not what is unknown', () => {
    const passes = (expression: Node) => compileFilter(packed(expression))?.passes(subject())
    expect(passes(value(true))).toBe(true)
    expect(passes(apply('ge', bin('int', 'age'), 29))).toBe(false)
    expect(passes(apply('ne', bin('int', 'none'), 1))).toBe(false)
  })

  it('is to be a truth', () => {
    expect(compileFilter(packed(value(1)))).toBeUndefined()
  })
})
