import { ByteReader, Double, decodeExpression, GeoJson, HyperLogLog, type Value } from '@aero/codec'
import { toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import {
  type Ael,
  AelError,
  ael,
  compile,
  compileToBytes,
  parse,
  parseCtx,
  planIndex,
  print,
} from '../src/index.ts'
import { goldenOf } from './golden.ts'

/** Bytes worked out by hand from the server's table of operators. */
const BYTES: readonly (readonly [source: string | Ael, hex: string])[] = [
  ['$.age >= 18', '93 04 93 51 02 a3 616765 12'],
  ["$.name == 'Zoë'", '93 01 93 51 03 a4 6e616d65 a5 03 5a6fc3ab'],
  ['$.a == 1 and not($.b)', '93 10 93 01 93 51 02 a1 61 01 92 12 93 51 01 a1 62'],
  ['$.price > 2', '93 03 93 51 02 a5 7072696365 02'],
  ['$.price > 2.0', '93 03 93 51 07 a5 7072696365 cb 4000000000000000'],
  ['$.l.[0] == 7', '93 01 95 7f 02 00 93 13 07 00 93 51 04 a1 6c 07'],
  ['$.m.a.b == 7', '93 01 95 7f 02 00 93 ccff 92 22 a2 03 61 93 61 07 a2 03 62 93 51 05 a1 6d 07'],
  ['$.x in [1, 2]', '95 7f 01 00 93 16 0d 93 51 02 a1 78 92 7e 92 01 02'],
  ['$.m.{} == {"a": 1}', '93 01 93 51 05 a1 6d 82 c7 00 01 c0 a2 03 61 01'],
  ['$.a.exists()', '93 02 92 52 a1 61 00'],
  ['$.digestModulo(3) == 0', '93 01 92 40 03 00'],
  [ael`$.a == ${-1}`, '93 01 93 51 02 a1 61 ff'],
  [ael`$.a == ${new Uint8Array([1])}`, '93 01 93 51 06 a1 61 a2 04 01'],
]

describe('an expression', () => {
  it.each(BYTES)('%# %o', (source, hex) => {
    expect(toHex(compileToBytes(source))).toBe(hex.replaceAll(' ', ''))
  })

  it('is wanted as a condition, or as what is said', () => {
    expect(goldenOf(compile('$.a').expression)).toBe('bool_bin("a")')
    expect(goldenOf(compile('$.a', { expects: 'LIST' }).expression)).toBe('list_bin("a")')
    expect(goldenOf(compile('$.a * 2', { expects: 'FLOAT' }).expression)).toBe(
      'num_mul([float_bin("a"), float_val(2.0)])',
    )
  })

  it.each([
    ['$.a > 1', 'BOOL'],
    ['$.a + 1', undefined],
    ['1 + 2', 'INT'],
    ['$.setName()', 'STRING'],
    ['when ($.a == 1 => "x", default => "y")', 'STRING'],
    [`let (x = [1]) then ($\{x})`, 'LIST'],
    ['$.m.a.get(return: COUNT)', 'INT'],
  ])('%s gives %s', (text, type) => {
    expect(compile(text).type).toBe(type)
  })

  it('is parsed once', () => {
    const text = '$.once == 1'
    expect(compile(text).tree).toBe(compile(text).tree)
    expect(compile(text)).toBe(compile(text))
    expect(compile(text, { reference: true })).not.toBe(compile(text))
    const of = (value: Value) => ael`$.once == ${value}`
    expect(compile(of(1)).tree).toBe(compile(of('x')).tree)
  })

  it('is parsed again when a thousand others have come since', () => {
    const text = '$.first == 1'
    const first = compile(text)
    for (let index = 0; index < 999; index++) compile(`$.a == ${index}`)
    expect(compile(text)).toBe(first)
    for (let index = 0; index < 1000; index++) compile(`$.b == ${index}`)
    const again = compile(text)
    expect(again.tree).not.toBe(first.tree)
    expect(again).toEqual(first)
  })

  it('of a template is made a text once', () => {
    const strings = ['$.once == ', ''] as unknown as TemplateStringsArray & string[]
    const first = ael(strings, 1)
    strings[0] = '$.twice == '
    expect(ael(strings, 2)).toEqual({ text: first.text, values: [2] })
  })
})

describe('numbers', () => {
  it.each([
    ['$.f > 1.5 + 1', 'gt(float_bin("f"), num_add([float_val(1.5), float_val(1.0)]))'],
    ['($.f + 1) > 2.5', 'gt(num_add([float_bin("f"), float_val(1.0)]), float_val(2.5))'],
    ['$.f.get(type: FLOAT) > 1', 'gt(float_bin("f"), float_val(1.0))'],
    ['pow($.x, 2) > 10', 'gt(num_pow(float_bin("x"), float_val(2.0)), float_val(10.0))'],
    ['-$.f > 1.5', 'gt(num_mul([float_bin("f"), float_val(-1.0)]), float_val(1.5))'],
    ['$.i.get(type: INT) < ceil($.f)', 'lt(to_float(int_bin("i")), num_ceil(float_bin("f")))'],
    [
      'when ($.a == 1 => 1.5, default => 2) > 1',
      'gt(cond([eq(int_bin("a"), int_val(1)), float_val(1.5), float_val(2.0)]), float_val(1.0))',
    ],
    [
      '9223372036854775807 == -9223372036854775808',
      'eq(int_val(9223372036854775807), int_val(-9223372036854775808))',
    ],
    ['1 + 2 == 3.0', 'eq(to_float(num_add([int_val(1), int_val(2)])), float_val(3.0))'],
    [
      'when ($.a == 1 => 1, default => 2.5) == 2',
      'eq(cond([eq(int_bin("a"), int_val(1)), float_val(1.0), float_val(2.5)]), float_val(2.0))',
    ],
    ['$.a == 1.0.asInt()', 'eq(int_bin("a"), int_val(1))'],
  ])('%s', (text, golden) => {
    expect(goldenOf(compile(text).expression)).toBe(golden)
  })
})

describe('bound values', () => {
  it('are never text', () => {
    const name = `' or true or '`
    const bound = ael`$.name == ${name} and $.age > ${17}`
    expect(bound).toEqual({ text: '$.name == ?0 and $.age > ?1', values: [name, 17] })
    expect(structuredClone(bound)).toEqual(bound)
    expect(goldenOf(compile(bound).expression)).toBe(
      `and([eq(string_bin("name"), string_val("${name}")), gt(int_bin("age"), int_val(17))])`,
    )
  })

  it.each<readonly [Ael, string]>([
    [ael`$.a == ${1.5}`, 'eq(float_bin("a"), float_val(1.5))'],
    [ael`$.a == ${new Double(1)}`, 'eq(float_bin("a"), float_val(1.0))'],
    [ael`$.a == ${2n ** 62n}`, 'eq(int_bin("a"), int_val(4611686018427387904))'],
    [ael`$.a == ${true}`, 'eq(bool_bin("a"), bool_val(true))'],
    [ael`$.a in ${['x', 'y']}`, 'list_get_by_value(LRT.EXISTS, string_bin("a"), list_val(["x", "y"]), [])'],
    [ael`$.a in [${1}, ${2}]`, 'list_get_by_value(LRT.EXISTS, int_bin("a"), list_val([1, 2]), [])'],
    [ael`$.m.{} == ${{ a: 1 }}`, 'eq(map_bin("m"), map_val({"a": 1}))'],
    [ael`geoCompare($.loc, ${new GeoJson('{}')})`, 'geo_compare(geo_bin("loc"), geo_val("{}"))'],
    [
      ael`$.h.hllUnionCount(${[new HyperLogLog(new Uint8Array([1]))]}) > 0`,
      `gt(hll_get_union_count(list_val([x'01']), hll_bin("h")), int_val(0))`,
    ],
    [ael`geoCompare($.loc, geoJson(${'{}'}))`, 'geo_compare(geo_bin("loc"), geo_val("{}"))'],
    [ael`$.a.get(type: BLOB) == ${'AQID'}`, `eq(blob_bin("a"), blob_val(x'010203'))`],
    [ael`${1}==$.a`, 'eq(int_val(1), int_bin("a"))'],
  ])('%# %o', (bound, golden) => {
    expect(goldenOf(compile(bound).expression)).toBe(golden)
  })

  it.each([[null], [undefined], [new Date()], [() => 1], [Symbol('x')]])('refuse %s', (value) => {
    expect(() => compile(ael`$.a == ${value as Value}`)).toThrow(/cannot stand in an expression/)
  })

  it('leave no room for placeholders of the template', () => {
    expect(() => ael`$.a == ?0 and $.b == ${1}`).toThrow(TypeError)
  })
})

describe('what is wrong', () => {
  it.each([
    ['$.a ==', /operand is missing/, 7, '$.a ==\n      ^'],
    ['$.a == yes', /bare word yes/, 8, '$.a == yes\n       ^^^'],
    ['$.a == 1 blah', /behind a complete expression/, 10, '$.a == 1 blah\n         ^^^^'],
    ['$.a < 1 < 2', /comparison of a comparison/, 9, '$.a < 1 < 2\n        ^'],
    ['not $.a', /not without parentheses/, 1, 'not $.a\n^^^'],
    ['$.a == "x', /does not end/, 8, '$.a == "x\n       ^^'],
    ['$.123 == 1', /'123' as the name of a bin/, 3, '$.123 == 1\n  ^^^'],
    ['$.l.[x] == 1', /as a selector/, 6, '$.l.[x] == 1\n     ^'],
    ['$.l.[!0] == 1', /only several elements/, 5, '$.l.[!0] == 1\n    ^^^^'],
    ['$.l.[1:3].[0] == 1', /cannot be looked into/, 5, '$.l.[1:3].[0] == 1\n    ^^^^^'],
    ['$.l.[].[0] == 1', /goes on behind/, 5, '$.l.[].[0] == 1\n    ^^'],
    ['$.l.[3:1]', /ends before it begins/, 5, '$.l.[3:1]\n    ^^^^^'],
    ['$.a.remove()', /unsupported/, 5, '$.a.remove()\n    ^^^^^^'],
    ['$.a.nosuch()', /no such function/, 5, '$.a.nosuch()\n    ^^^^^^'],
    ['$.nosuch()', /nothing of a record/, 3, '$.nosuch()\n  ^^^^^^'],
    ['$.a.get(type: LONG) == 1', /the type LONG/, 15, '$.a.get(type: LONG) == 1\n              ^^^^'],
    ['nosuch($.a) > 1', /Unknown function nosuch/, 1, 'nosuch($.a) > 1\n^^^^^^'],
    ['abs($.a, 1) > 1', /expects 1 argument/, 1, 'abs($.a, 1) > 1\n^^^^^^^^^^^'],
    ['12 + "x" > 0', /numeric/, 6, '12 + "x" > 0\n     ^^^'],
    ['$.a + 1 and $.b', /condition is BOOL/, 1, '$.a + 1 and $.b\n^^^^^^^'],
    ['$.a == 9223372036854775808', /64 bits/, 8, '$.a == 9223372036854775808\n       ^^^^^^^^^^^^^^^^^^^'],
    [`$\{x} > 1`, /no variable x/, 1, `$\{x} > 1\n^^^^`],
    ['{"a": 1, "a": 2} == $.m', /occurs twice/, 1, '{"a": 1, "a": 2} == $.m\n^^^^^^^^^^^^^^^^'],
    ['[$.a] == $.l', /only literals/, 2, '[$.a] == $.l\n ^^^'],
    ['$.abcdefghijklmnop == 1', /more than 15 bytes/, 1, '$.abcdefghijklmnop == 1\n^^^^^^^^^^^^^^^^^^'],
    ['$.a.get(type: BLOB) == "?"', /base64/, 24, '$.a.get(type: BLOB) == "?"\n                       ^^^'],
    [
      'when ($.a => 1, default => "x") == 1',
      /cases of when/,
      28,
      'when ($.a => 1, default => "x") == 1\n                           ^^^',
    ],
    ['when ($.a => 1) == 1', /without a last case/, 15, 'when ($.a => 1) == 1\n              ^'],
    ['$.a & 1.5 == 1', /whole/, 7, '$.a & 1.5 == 1\n      ^^^'],
    ['digestModulo(3) == 0', /Unknown function/, 1, 'digestModulo(3) == 0\n^^^^^^^^^^^^'],
    ['$.a == 5x', /runs into a name/, 8, '$.a == 5x\n       ^^'],
    ['$.a ; $.b', /';'/, 5, '$.a ; $.b\n    ^'],
    [
      '$.h.hllSimilarity(5) > 0.5',
      /takes a HyperLogLog/,
      19,
      '$.h.hllSimilarity(5) > 0.5\n                  ^',
    ],
    [
      '$.h.hllUnionCount($.i.hllCount()) > 1',
      /takes a HyperLogLog/,
      19,
      '$.h.hllUnionCount($.i.hllCount()) > 1\n                  ^^^^^^^^^^^^^^',
    ],
  ])('%s', (text, reason, column, picture) => {
    let error: unknown
    try {
      compile(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(AelError)
    expect((error as AelError).reason).toMatch(reason)
    expect({ line: (error as AelError).line, column: (error as AelError).column }).toEqual({
      line: 1,
      column,
    })
    expect((error as AelError).picture).toBe(picture)
  })

  it('is said about the line it is on', () => {
    try {
      compile('$.a == 1\nand $.b ==\n  yes')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ line: 3, column: 3, picture: '  yes\n  ^^^' })
    }
  })

  it.each([['('], ['['], ['-'], ['not('], ['2 ** '], ['{1:']])(
    'no depth of %s costs the stack',
    (opening) => {
      expect(() => parse(opening.repeat(100_000))).toThrow(AelError)
    },
  )
})

describe('strict', () => {
  it.each([
    ['$.a == $.b', /cannot infer/],
    ['$.a + $.b == $.c', /cannot infer/],
    ['$.a + $.b > max($.c, $.d)', /cannot infer/],
    ['$.l.count() == 1', /cannot infer/],
    ['$.m.{a-c} == 1', /Cannot compare LIST to INT/],
    ['$.a == unknown', /cannot infer/],
    ['$.l.[=1].asInt() == 1', /several elements are a LIST/],
    ['$.l.[=1].get(type: INT) == 1', /several elements are a LIST/],
    ['$.h.hllUnion($.i) == $.j.get(type: HLL)', /Cannot compare HLL/],
    ['$.a << 1 == $.b + $.c', undefined],
    ['$.a + 1 == $.b', undefined],
    ['$.a == 1', undefined],
    ['$.a == $.b.get(type: STRING)', undefined],
    ['$.l.[].count() == 1', undefined],
    ['$.a and not($.b)', undefined],
    ['$.m.a', undefined],
  ])('%s', (text, reason) => {
    if (reason === undefined) expect(() => compile(text, { strict: true })).not.toThrow()
    else {
      expect(() => compile(text, { strict: true })).toThrow(reason)
      expect(() => compile(text)).not.toThrow()
    }
  })
})

describe('bytes in a text', () => {
  it.each<readonly [string, string]>([
    ["$.b == X'ff00'", `eq(blob_bin("b"), blob_val(x'ff00'))`],
    ["x'aAbB' != $.b", `ne(blob_val(x'aabb'), blob_bin("b"))`],
    ["$.b > X''", `gt(blob_bin("b"), blob_val(x''))`],
    ["$.b == b64'AQID'", `eq(blob_bin("b"), blob_val(x'010203'))`],
    ["$.b == B64'AQ=='", `eq(blob_bin("b"), blob_val(x'01'))`],
    ['$.l == [X\'ff\', 42, "x"]', `eq(list_bin("l"), list_val([x'ff', 42, "x"]))`],
    ["$.m == {X'aa': X'bb', 1: 2}", `eq(map_bin("m"), map_val({1: 2, x'aa': x'bb'}))`],
    ["$.b in [X'aa', X'bb']", `list_get_by_value(LRT.EXISTS, blob_bin("b"), list_val([x'aa', x'bb']), [])`],
    [
      "$.m.X'ff' == 1",
      `eq(map_get_by_key(MRT.VALUE, ExpType.INT, blob_val(x'ff'), map_bin("m"), []), int_val(1))`,
    ],
    [
      "$.m.{X'aa'-X'ff'}.count() == 1",
      `eq(map_get_by_key_range(MRT.COUNT, blob_val(x'aa'), blob_val(x'ff'), map_bin("m"), []), int_val(1))`,
    ],
    [
      "$.l.[=X'aa',b64'AQID'].count() == 1",
      `eq(list_get_by_value_list(LRT.COUNT, list_val([x'aa', x'010203']), list_bin("l"), []), int_val(1))`,
    ],
    [
      "$.l.[#0:~X'ff'].count() == 1",
      `eq(list_get_by_value_relative_rank_range(LRT.COUNT, blob_val(x'ff'), int_val(0), list_bin("l"), []), int_val(1))`,
    ],
  ])('%s', (text, expected) => {
    expect(goldenOf(compile(text).expression)).toBe(expected)
    const tree = parse(text)
    expect(goldenOf(compile(print(tree)).expression)).toBe(expected)
  })

  it('stand for bins and names all the same', () => {
    expect(goldenOf(compile('$.x == 1 and $.m.b64 == 2 and $.X > 0').expression)).toContain('int_bin("x")')
  })
})

describe('a strict template', () => {
  it('is strict wherever it is used, unless that is overruled', () => {
    const unclear = ael.strict`$.a == $.b`
    expect(unclear).toEqual({ text: '$.a == $.b', values: [], strict: true })
    expect(() => compile(unclear)).toThrow(/cannot infer/)
    expect(() => planIndex(unclear, { namespace: 'test', indexes: [] })).toThrow(/cannot infer/)
    expect(() => compile(unclear, { strict: false })).not.toThrow()
    expect(compile(ael.strict`$.a == ${1}`).expression).toEqual(compile('$.a == 1').expression)
  })
})

describe('parseCtx', () => {
  it.each([
    ['$.l.[1:3]', /looked into/],
    ['$.m.{}', /context is not provided/],
    ['  ', /null or empty/],
    ['$.a.b.exists()', /function is unsupported/],
  ])('refuses %s', (path, reason) => {
    expect(() => parseCtx(path)).toThrow(reason)
  })
})

describe('bytes', () => {
  it.each(BYTES)('of %# %o are read back', (source) => {
    const { expression } = compile(source)
    const bytes = compileToBytes(source)
    expect(decodeExpression(ByteReader.over(bytes))).toEqual(expression)
  })
})
