import { describe, expect, it } from 'vitest'
import { AelError, compile } from '../src/index.ts'
import { goldenOf } from './golden.ts'

/**
 * What the language's own description says of a text, in the notation of the golden rows; of mistakes where they are, and
 * what is wrong. None of these texts is a golden row.
 */
const ROWS: { readonly [about: string]: readonly (readonly [text: string, expected: string])[] } = {
  'ranks of operators': [
    [
      '$.a == 1 or $.b == 2 or $.c == 3',
      'or([eq(int_bin("a"), int_val(1)), eq(int_bin("b"), int_val(2)), eq(int_bin("c"), int_val(3))])',
    ],
    [
      '$.a == 1 and $.b == 2 or $.c == 3',
      'or([and([eq(int_bin("a"), int_val(1)), eq(int_bin("b"), int_val(2))]), eq(int_bin("c"), int_val(3))])',
    ],
    [
      '$.a == 1 or $.b == 2 and $.c == 3',
      'or([eq(int_bin("a"), int_val(1)), and([eq(int_bin("b"), int_val(2)), eq(int_bin("c"), int_val(3))])])',
    ],
    [
      '($.a == 1 or $.b == 2) and $.c == 3',
      'and([or([eq(int_bin("a"), int_val(1)), eq(int_bin("b"), int_val(2))]), eq(int_bin("c"), int_val(3))])',
    ],
    [
      '$.a == 1 and ($.b == 2 and $.c == 3)',
      'and([eq(int_bin("a"), int_val(1)), and([eq(int_bin("b"), int_val(2)), eq(int_bin("c"), int_val(3))])])',
    ],
    ['$.a & 3 == 1', 'eq(int_and([int_bin("a"), int_val(3)]), int_val(1))'],
    [
      '$.a | 1 ^ 2 & 3 == 0',
      'eq(int_and([int_xor([int_or([int_bin("a"), int_val(1)]), int_val(2)]), int_val(3)]), int_val(0))',
    ],
    ['$.a << 1 + 2 == 8', 'eq(int_lshift(int_bin("a"), num_add([int_val(1), int_val(2)])), int_val(8))'],
    [
      '$.a >>> 2 >> 1 << 3 == 8',
      'eq(int_lshift(int_arshift(int_rshift(int_bin("a"), int_val(2)), int_val(1)), int_val(3)), int_val(8))',
    ],
    ['$.a - 1 - 2 == 0', 'eq(num_sub([num_sub([int_bin("a"), int_val(1)]), int_val(2)]), int_val(0))'],
    [
      '$.a * 2 / 3 % 4 == 0',
      'eq(num_mod(num_div([num_mul([int_bin("a"), int_val(2)]), int_val(3)]), int_val(4)), int_val(0))',
    ],
    ['1 + $.a * 2 == 7', 'eq(num_add([int_val(1), num_mul([int_bin("a"), int_val(2)])]), int_val(7))'],
    [
      '2.0 ** 3.0 ** 2.0 == $.x',
      'eq(num_pow(float_val(2.0), num_pow(float_val(3.0), float_val(2.0))), float_bin("x"))',
    ],
    [
      '-(2.0 ** 2.0) == $.f',
      'eq(num_mul([num_pow(float_val(2.0), float_val(2.0)), float_val(-1.0)]), float_bin("f"))',
    ],
    ['~$.a & 1 == 0', 'eq(int_and([int_not(int_bin("a")), int_val(1)]), int_val(0))'],
    ['- - $.a == 1', 'eq(num_mul([num_mul([int_bin("a"), int_val(-1)]), int_val(-1)]), int_val(1))'],
    ['+$.a == 1', 'eq(int_bin("a"), int_val(1))'],
    ['~~$.a == 1', 'eq(int_not(int_not(int_bin("a"))), int_val(1))'],
  ],
  in: [
    ['$.a IN [1, 2]', 'list_get_by_value(LRT.EXISTS, int_bin("a"), list_val([1, 2]), [])'],
    ['$.a iN ["x"]', 'list_get_by_value(LRT.EXISTS, string_bin("a"), list_val(["x"]), [])'],
    ['$.in in [1]', 'list_get_by_value(LRT.EXISTS, int_bin("in"), list_val([1]), [])'],
    ['"x" in $.l', 'list_get_by_value(LRT.EXISTS, string_val("x"), list_bin("l"), [])'],
    ['1 in $.l.[]', 'list_get_by_value(LRT.EXISTS, int_val(1), list_bin("l"), [])'],
    [
      '$.m.a in ["x"]',
      'list_get_by_value(LRT.EXISTS, map_get_by_key(MRT.VALUE, ExpType.STRING, string_val("a"), map_bin("m"), []), list_val(["x"]), [])',
    ],
    [
      '1 in $.m.a',
      'list_get_by_value(LRT.EXISTS, int_val(1), map_get_by_key(MRT.VALUE, ExpType.LIST, string_val("a"), map_bin("m"), []), [])',
    ],
    ['$.a in $.b', 'ERROR 1:1 cannot infer the type of the left side of in'],
    ['$.a in []', 'ERROR 1:1 cannot infer the type of the left side of in'],
    ['[1] in $.l', 'list_get_by_value(LRT.EXISTS, list_val([1]), list_bin("l"), [])'],
    ['$.a in [1, "x"]', 'ERROR 1:8 the elements on the right side of in must be of the same type'],
    ['$.a in "x"', 'ERROR 1:8 IN operation requires a List on its right side, not STRING'],
    ['$.a in $.setName()', 'ERROR 1:8 IN operation requires a List on its right side, not STRING'],
    ['not($.a in [1])', 'not(list_get_by_value(LRT.EXISTS, int_bin("a"), list_val([1]), []))'],
  ],
  'numbers and texts': [
    ['$.a == 0xFF', 'eq(int_bin("a"), int_val(255))'],
    ['$.a == 0X0f', 'eq(int_bin("a"), int_val(15))'],
    ['$.a == 0b101', 'eq(int_bin("a"), int_val(5))'],
    ['$.a == 0B11', 'eq(int_bin("a"), int_val(3))'],
    ['$.a == 007', 'eq(int_bin("a"), int_val(7))'],
    ['$.a == 1.5', 'eq(float_bin("a"), float_val(1.5))'],
    ['$.a == .5', 'eq(float_bin("a"), float_val(0.5))'],
    ['$.a == 10.', 'ERROR 1:10 could not parse what follows a number and a point'],
    ['$.a == 1e5', 'ERROR 1:8 could not parse a number that runs into a name'],
    [`$.a == 'it"s'`, 'eq(string_bin("a"), string_val("it\\"s"))'],
    [`$.a == "it's"`, `eq(string_bin("a"), string_val("it's"))`],
    ["$.a == 'a\\n'", 'eq(string_bin("a"), string_val("a\\\\n"))'],
    ['$.a == ""', 'eq(string_bin("a"), string_val(""))'],
  ],
  'names and keys': [
    [
      '$.a.b.c == 1',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("c"), map_bin("a"), [CTX.map_key("b")]), int_val(1))',
    ],
    ['$.a.55 == 1', 'eq(map_get_by_key(MRT.VALUE, ExpType.INT, int_val(55), map_bin("a"), []), int_val(1))'],
    [
      '$.a."55" == 1',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("55"), map_bin("a"), []), int_val(1))',
    ],
    ['$.a.+5 == 1', 'eq(map_get_by_key(MRT.VALUE, ExpType.INT, int_val(5), map_bin("a"), []), int_val(1))'],
    ['$.a.-3 == 1', 'eq(map_get_by_key(MRT.VALUE, ExpType.INT, int_val(-3), map_bin("a"), []), int_val(1))'],
    [
      '$.a.0xff == 1',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, int_val(255), map_bin("a"), []), int_val(1))',
    ],
    [
      '$.a.true == 1',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("true"), map_bin("a"), []), int_val(1))',
    ],
    ['$.default == 1', 'eq(int_bin("default"), int_val(1))'],
    ['$.123@ == 1', 'eq(int_bin("123@"), int_val(1))'],
    ['$."a b" == 1', 'eq(int_bin("a b"), int_val(1))'],
    [
      `$.a."x y".'z' == 1`,
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("z"), map_bin("a"), [CTX.map_key("x y")]), int_val(1))',
    ],
  ],
  'selectors of maps': [
    [
      '$.m.{0} == 1',
      'eq(map_get_by_index(MRT.VALUE, ExpType.INT, int_val(0), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.{-1} == 1',
      'eq(map_get_by_index(MRT.VALUE, ExpType.INT, int_val(-1), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.{#0} == 1',
      'eq(map_get_by_rank(MRT.VALUE, ExpType.INT, int_val(0), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.{#-1} == 1',
      'eq(map_get_by_rank(MRT.VALUE, ExpType.INT, int_val(-1), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.{=abc}.count() == 1',
      'eq(map_get_by_value(MRT.COUNT, string_val("abc"), map_bin("m"), []), int_val(1))',
    ],
    [
      "$.m.{='a b'}.count() == 1",
      'eq(map_get_by_value(MRT.COUNT, string_val("a b"), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.l.[=-5].count() == 1',
      'eq(list_get_by_value(LRT.COUNT, int_val(-5), list_bin("l"), []), int_val(1))',
    ],
    [
      '$.l.[=true].count() == 1',
      'eq(list_get_by_value(LRT.COUNT, string_val("true"), list_bin("l"), []), int_val(1))',
    ],
    ['$.l.[=1.5] == 1', "ERROR 1:8 could not parse '.': expecting ']'"],
    [
      '$.m.{a-c}.count() == 2',
      'eq(map_get_by_key_range(MRT.COUNT, string_val("a"), string_val("c"), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{a-}.count() == 2',
      'eq(map_get_by_key_range(MRT.COUNT, string_val("a"), null, map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{!a-c}.count() == 2',
      'eq(map_get_by_key_range(MRT.COUNT|INVERTED, string_val("a"), string_val("c"), map_bin("m"), []), int_val(2))',
    ],
    ['$.m.{-c}.count() == 1', "ERROR 1:6 could not parse '-' as a whole number"],
    [
      '$.m.{a,b}.count() == 2',
      'eq(map_get_by_key_list(MRT.COUNT, list_val(["a", "b"]), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{!a,b}.count() == 2',
      'eq(map_get_by_key_list(MRT.COUNT|INVERTED, list_val(["a", "b"]), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{a}.count() == 1',
      'eq(map_get_by_key_list(MRT.COUNT, list_val(["a"]), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.{1,2}.count() == 2',
      'eq(map_get_by_key_list(MRT.COUNT, list_val([1, 2]), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{1-3}.count() == 2',
      'eq(map_get_by_key_range(MRT.COUNT, int_val(1), int_val(3), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{1:3}.count() == 2',
      'eq(map_get_by_index_range_count(MRT.COUNT, int_val(1), int_val(2), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{1:}.count() == 2',
      'eq(map_get_by_index_range(MRT.COUNT, int_val(1), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{!1:3}.count() == 2',
      'eq(map_get_by_index_range_count(MRT.COUNT|INVERTED, int_val(1), int_val(2), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{=a,b}.count() == 2',
      'eq(map_get_by_value_list(MRT.COUNT, list_val(["a", "b"]), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{!=a,b}.count() == 2',
      'eq(map_get_by_value_list(MRT.COUNT|INVERTED, list_val(["a", "b"]), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{=1:9}.count() == 2',
      'eq(map_get_by_value_range(MRT.COUNT, int_val(1), int_val(9), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{=1:}.count() == 2',
      'eq(map_get_by_value_range(MRT.COUNT, int_val(1), null, map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{!=1:9}.count() == 2',
      'eq(map_get_by_value_range(MRT.COUNT|INVERTED, int_val(1), int_val(9), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{#0:3}.count() == 2',
      'eq(map_get_by_rank_range_count(MRT.COUNT, int_val(0), int_val(3), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{#-3:}.count() == 2',
      'eq(map_get_by_rank_range(MRT.COUNT, int_val(-3), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{!#0:3}.count() == 2',
      'eq(map_get_by_rank_range_count(MRT.COUNT|INVERTED, int_val(0), int_val(3), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{#-1:1~10}.count() == 2',
      'eq(map_get_by_value_relative_rank_range_count(MRT.COUNT, int_val(10), int_val(-1), int_val(2), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{#-2:~10}.count() == 2',
      'eq(map_get_by_value_relative_rank_range(MRT.COUNT, int_val(10), int_val(-2), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{!#0:2~10}.count() == 2',
      'eq(map_get_by_value_relative_rank_range_count(MRT.COUNT|INVERTED, int_val(10), int_val(0), int_val(2), map_bin("m"), []), int_val(2))',
    ],
    [
      '$.m.{0:1~a}.count() == 1',
      'eq(map_get_by_key_relative_index_range_count(MRT.COUNT, string_val("a"), int_val(0), int_val(1), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.{0:~a}.count() == 1',
      'eq(map_get_by_key_relative_index_range(MRT.COUNT, string_val("a"), int_val(0), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.{!0:1~a}.count() == 1',
      'eq(map_get_by_key_relative_index_range_count(MRT.COUNT|INVERTED, string_val("a"), int_val(0), int_val(1), map_bin("m"), []), int_val(1))',
    ],
  ],
  'selectors of lists': [
    [
      '$.l.[0] == 1',
      'eq(list_get_by_index(LRT.VALUE, ExpType.INT, int_val(0), list_bin("l"), []), int_val(1))',
    ],
    [
      '$.l.[#0] == 1',
      'eq(list_get_by_rank(LRT.VALUE, ExpType.INT, int_val(0), list_bin("l"), []), int_val(1))',
    ],
    [
      '$.l.[1:3].count() == 2',
      'eq(list_get_by_index_range_count(LRT.COUNT, int_val(1), int_val(2), list_bin("l"), []), int_val(2))',
    ],
    [
      '$.l.[!1:3].count() == 2',
      'eq(list_get_by_index_range_count(LRT.COUNT|INVERTED, int_val(1), int_val(2), list_bin("l"), []), int_val(2))',
    ],
    [
      '$.l.[=1,2].count() == 2',
      'eq(list_get_by_value_list(LRT.COUNT, list_val([1, 2]), list_bin("l"), []), int_val(2))',
    ],
    [
      '$.l.[=1:5].count() == 2',
      'eq(list_get_by_value_range(LRT.COUNT, int_val(1), int_val(5), list_bin("l"), []), int_val(2))',
    ],
    [
      '$.l.[#0:2].count() == 2',
      'eq(list_get_by_rank_range_count(LRT.COUNT, int_val(0), int_val(2), list_bin("l"), []), int_val(2))',
    ],
    [
      '$.l.[#0:2~5].count() == 2',
      'eq(list_get_by_value_relative_rank_range_count(LRT.COUNT, int_val(5), int_val(0), int_val(2), list_bin("l"), []), int_val(2))',
    ],
    ['$.l.[a].count() == 1', "ERROR 1:6 could not parse 'a' as a selector"],
    ['$.l.[0:1~a].count() == 1', "ERROR 1:9 could not parse '~': expecting ']'"],
    ['$.l.[!].count() == 1', "ERROR 1:7 could not parse ']' as a selector"],
  ],
  'what is counted': [
    ['$.m.{}.count() == 1', 'eq(map_size(map_bin("m"), []), int_val(1))'],
    ['$.l.[].count() == 1', 'eq(list_size(list_bin("l"), []), int_val(1))'],
    ['$.l.count() == 1', 'eq(list_size(list_bin("l"), []), int_val(1))'],
    [
      '$.m.a.{}.count() == 1',
      'eq(map_size(map_get_by_key(MRT.VALUE, ExpType.MAP, string_val("a"), map_bin("m"), []), []), int_val(1))',
    ],
    [
      '$.m.a.[].count() == 1',
      'eq(list_size(map_get_by_key(MRT.VALUE, ExpType.LIST, string_val("a"), map_bin("m"), []), []), int_val(1))',
    ],
    [
      '$.m.a.count() == 1',
      'eq(list_size(map_get_by_key(MRT.VALUE, ExpType.LIST, string_val("a"), map_bin("m"), []), []), int_val(1))',
    ],
  ],
  'what is given back': [
    [
      '$.m.{a,b}.get(return: KEY) == ["a"]',
      'eq(map_get_by_key_list(MRT.KEY, list_val(["a", "b"]), map_bin("m"), []), list_val(["a"]))',
    ],
    [
      '$.m.{a,b}.get(return: KEY_VALUE) == {"a": 1}',
      'eq(map_get_by_key_list(MRT.KEY_VALUE, list_val(["a", "b"]), map_bin("m"), []), map_val({"a": 1}))',
    ],
    [
      '$.m.{a,b}.get(return: UNORDERED_MAP) == {"a": 1}',
      'eq(map_get_by_key_list(MRT.UNORDERED_MAP, list_val(["a", "b"]), map_bin("m"), []), map_val({"a": 1}))',
    ],
    [
      '$.m.{a,b}.get(return: ORDERED_MAP) == {"a": 1}',
      'eq(map_get_by_key_list(MRT.ORDERED_MAP, list_val(["a", "b"]), map_bin("m"), []), map_val({"a": 1}))',
    ],
    [
      '$.m.{=1}.get(return: INDEX) == [0]',
      'eq(map_get_by_value(MRT.INDEX, int_val(1), map_bin("m"), []), list_val([0]))',
    ],
    [
      '$.m.a.get(return: INDEX) == 0',
      'eq(map_get_by_key(MRT.INDEX, ExpType.INT, string_val("a"), map_bin("m"), []), int_val(0))',
    ],
    [
      '$.m.a.get(return: RANK) == 0',
      'eq(map_get_by_key(MRT.RANK, ExpType.INT, string_val("a"), map_bin("m"), []), int_val(0))',
    ],
    [
      '$.m.a.get(return: REVERSE_INDEX) == 0',
      'eq(map_get_by_key(MRT.REVERSE_INDEX, ExpType.INT, string_val("a"), map_bin("m"), []), int_val(0))',
    ],
    [
      '$.m.a.get(return: REVERSE_RANK) == 0',
      'eq(map_get_by_key(MRT.REVERSE_RANK, ExpType.INT, string_val("a"), map_bin("m"), []), int_val(0))',
    ],
    [
      '$.m.a.get(return: EXISTS)',
      'map_get_by_key(MRT.EXISTS, ExpType.BOOL, string_val("a"), map_bin("m"), [])',
    ],
    [
      '$.m.a.get(return: NONE) == 0',
      'ERROR 1:7 return: NONE gives nothing that could be compared or written',
    ],
    [
      '$.m.a.get(return: COUNT) == 1',
      'eq(map_get_by_key(MRT.COUNT, ExpType.INT, string_val("a"), map_bin("m"), []), int_val(1))',
    ],
    [
      '$.m.a.get(type: STRING) == "x"',
      'eq(map_get_by_key(MRT.VALUE, ExpType.STRING, string_val("a"), map_bin("m"), []), string_val("x"))',
    ],
    [
      '$.m.a.get(type: FLOAT) == 1.5',
      'eq(map_get_by_key(MRT.VALUE, ExpType.FLOAT, string_val("a"), map_bin("m"), []), float_val(1.5))',
    ],
    ['$.m.a.get(type: BOOL)', 'map_get_by_key(MRT.VALUE, ExpType.BOOL, string_val("a"), map_bin("m"), [])'],
    [
      '$.m.a.get(type: LIST) == [1]',
      'eq(map_get_by_key(MRT.VALUE, ExpType.LIST, string_val("a"), map_bin("m"), []), list_val([1]))',
    ],
    [
      '$.m.a.get(type: MAP) == {1: 2}',
      'eq(map_get_by_key(MRT.VALUE, ExpType.MAP, string_val("a"), map_bin("m"), []), map_val({1: 2}))',
    ],
    [
      '$.m.a.get(type: BLOB) == "AQID"',
      `eq(map_get_by_key(MRT.VALUE, ExpType.BLOB, string_val("a"), map_bin("m"), []), blob_val(x'010203'))`,
    ],
    [
      '$.m.a.get(type: STRING, return: VALUE) == "x"',
      'eq(map_get_by_key(MRT.VALUE, ExpType.STRING, string_val("a"), map_bin("m"), []), string_val("x"))',
    ],
    [
      '$.m.a.get(return: VALUE, type: STRING) == "x"',
      'eq(map_get_by_key(MRT.VALUE, ExpType.STRING, string_val("a"), map_bin("m"), []), string_val("x"))',
    ],
    [
      '$.m.a.get() == 1',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("a"), map_bin("m"), []), int_val(1))',
    ],
  ],
  casts: [
    [
      '$.m.a.asInt() == 1',
      'eq(to_int(map_get_by_key(MRT.VALUE, ExpType.FLOAT, string_val("a"), map_bin("m"), [])), int_val(1))',
    ],
    [
      '$.m.a.asFloat() == 1.5',
      'eq(to_float(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("a"), map_bin("m"), [])), float_val(1.5))',
    ],
    ['$.a.asInt() == 1', 'eq(to_int(float_bin("a")), int_val(1))'],
    ['$.a.asFloat() == 1.5', 'eq(to_float(int_bin("a")), float_val(1.5))'],
    ['1.asFloat() == $.f', 'eq(float_val(1.0), float_bin("f"))'],
    ['1.7.asInt() == $.a', 'eq(int_val(1), int_bin("a"))'],
  ],
  HyperLogLogs: [
    ['$.h.hllCount() > 1', 'gt(hll_get_count(hll_bin("h")), int_val(1))'],
    ['$.h.hllDescribe() == [4, 0]', 'eq(hll_describe(hll_bin("h")), list_val([4, 0]))'],
    ['$.h.hllMayContain(["x"]) == 1', 'eq(hll_may_contain(list_val(["x"]), hll_bin("h")), int_val(1))'],
    ['$.h.hllUnionCount($.g) == 3', 'eq(hll_get_union_count(hll_bin("g"), hll_bin("h")), int_val(3))'],
    [
      '$.h.hllIntersectCount($.g) == 3',
      'eq(hll_get_intersect_count(hll_bin("g"), hll_bin("h")), int_val(3))',
    ],
    ['$.h.hllSimilarity($.g) > 0.5', 'gt(hll_get_similarity(hll_bin("g"), hll_bin("h")), float_val(0.5))'],
  ],
  'what is not for conditions': [
    ['$.a.remove()', 'ERROR 1:5 could not parse remove(): changing a value is unsupported here'],
    ['$.a.insert()', 'ERROR 1:5 could not parse insert(): changing a value is unsupported here'],
    ['$.a.set()', 'ERROR 1:5 could not parse set(): changing a value is unsupported here'],
    ['$.a.append()', 'ERROR 1:5 could not parse append(): changing a value is unsupported here'],
    ['$.a.increment()', 'ERROR 1:5 could not parse increment(): changing a value is unsupported here'],
    ['$.a.clear()', 'ERROR 1:5 could not parse clear(): changing a value is unsupported here'],
    ['$.a.sort()', 'ERROR 1:5 could not parse sort(): changing a value is unsupported here'],
  ],
  'the record': [
    ['$.deviceSize() > 1', 'gt(device_size(), int_val(1))'],
    ['$.memorySize() > 1', 'gt(memory_size(), int_val(1))'],
    ['$.recordSize() > 1', 'gt(record_size(), int_val(1))'],
    ['$.lastUpdate() > 1', 'gt(last_update(), int_val(1))'],
    ['$.sinceUpdate() > 1', 'gt(since_update(), int_val(1))'],
    ['$.setName() == "x"', 'eq(set_name(), string_val("x"))'],
    ['$.ttl() == -1', 'eq(ttl(), int_val(-1))'],
    ['$.digestModulo(0x10) == 0', 'eq(digest_modulo(16), int_val(0))'],
    ['$.digestModulo(-1) == 0', 'ERROR 1:16 could not parse digestModulo: it takes a whole number'],
    ['$.ttl == 1', 'eq(int_bin("ttl"), int_val(1))'],
    ['$.ttl( ) == 1', "ERROR 1:6 could not parse '(': expecting '()' right behind ttl"],
  ],
  functions: [
    ['abs(-5) == $.a', 'eq(num_abs(int_val(-5)), int_bin("a"))'],
    ['abs($.a) == 1.5', 'eq(num_abs(float_bin("a")), float_val(1.5))'],
    ['ceil($.f) == 2.0', 'eq(num_ceil(float_bin("f")), float_val(2.0))'],
    ['floor($.f) == 2.0', 'eq(num_floor(float_bin("f")), float_val(2.0))'],
    ['log($.f, 2.0) == 3.0', 'eq(num_log(float_bin("f"), float_val(2.0)), float_val(3.0))'],
    ['pow($.f, 2.0) == 4.0', 'eq(num_pow(float_bin("f"), float_val(2.0)), float_val(4.0))'],
    ['$.f ** 2.0 == 4.0', 'eq(num_pow(float_bin("f"), float_val(2.0)), float_val(4.0))'],
    ['max($.a, 1, 2) == 2', 'eq(max([int_bin("a"), int_val(1), int_val(2)]), int_val(2))'],
    ['min($.a, 1.5) == 1.0', 'eq(min([float_bin("a"), float_val(1.5)]), float_val(1.0))'],
    ['max($.a) == 1', 'ERROR 1:1 max expects at least 2 arguments, not 1'],
    ['countOneBits($.a) == 3', 'eq(int_count(int_bin("a")), int_val(3))'],
    ['findBitLeft($.a, true) == 3', 'eq(int_lscan(int_bin("a"), bool_val(true)), int_val(3))'],
    ['findBitRight($.a, false) == 3', 'eq(int_rscan(int_bin("a"), bool_val(false)), int_val(3))'],
    [
      `geoCompare($.g, geoJson('{"type":"Point","coordinates":[0,0]}'))`,
      'geo_compare(geo_bin("g"), geo_val("{\\"type\\":\\"Point\\",\\"coordinates\\":[0,0]}"))',
    ],
    ['geoJson($.a) == 1', 'ERROR 1:1 Cannot compare GEO to INT'],
    ['ABS($.a) == 1', 'ERROR 1:1 Unknown function ABS'],
  ],
  'variables, cases and unknown': [
    [
      `let (a = 1, b = $\{a} + 1) then ($\{b} == $.x)`,
      'exp_let([def("a", int_val(1)), def("b", num_add([var("a"), int_val(1)])), eq(var("b"), int_bin("x"))])',
    ],
    [
      `let (a = 1) then (let (a = 2) then ($\{a} == $.x))`,
      'exp_let([def("a", int_val(1)), exp_let([def("a_2", int_val(2)), eq(var("a_2"), int_bin("x"))])])',
    ],
    [`let (a = $\{a}) then ($\{a} == 1)`, 'ERROR 1:10 there is no variable a here'],
    [
      'when ($.a == 1 => "x", $.a == 2 => "y", default => "z") == $.s',
      'eq(cond([eq(int_bin("a"), int_val(1)), string_val("x"), eq(int_bin("a"), int_val(2)), string_val("y"), string_val("z")]), string_bin("s"))',
    ],
    [
      'when ($.a => 1, default => unknown) == 1',
      'eq(cond([bool_bin("a"), int_val(1), unknown()]), int_val(1))',
    ],
    ['exclusive($.a == 1, $.b == 2)', 'xor([eq(int_bin("a"), int_val(1)), eq(int_bin("b"), int_val(2))])'],
    ['exclusive($.a == 1)', 'ERROR 1:1 could not parse exclusive: it takes at least 2 expressions'],
    ['$.a == null', 'ERROR 1:8 could not parse the bare word null as an operand'],
    ['null', 'ERROR 1:1 could not parse the bare word null as an operand'],
  ],
  types: [
    ['$.a == true', 'eq(bool_bin("a"), bool_val(true))'],
    ['$.a', 'bool_bin("a")'],
    ['not($.a)', 'not(bool_bin("a"))'],
    ['$.a and $.b', 'and([bool_bin("a"), bool_bin("b")])'],
    ['$.a == $.b', 'eq(int_bin("a"), int_bin("b"))'],
    ['$.a == 1 == true', 'ERROR 1:10 could not parse a comparison of a comparison'],
    ['$.a + 1 == 2.5', 'eq(num_add([float_bin("a"), float_val(1.0)]), float_val(2.5))'],
    ['$.a % 2 == 0', 'eq(num_mod(int_bin("a"), int_val(2)), int_val(0))'],
    ['$.a % 2.5 == 0', 'ERROR 1:7 operands must be whole here, and this is FLOAT'],
    ['$.a + "x" == 1', 'ERROR 1:7 operands must be numeric, and this is STRING'],
    ['"a" < "b"', 'lt(string_val("a"), string_val("b"))'],
    ['1 == "a"', 'ERROR 1:1 Cannot compare INT to STRING'],
    ['true == 1', 'ERROR 1:1 Cannot compare BOOL to INT'],
    ['1 == 1.0', 'eq(float_val(1.0), float_val(1.0))'],
  ],
  'lists and maps': [
    ['[1, 2] == $.l', 'eq(list_val([1, 2]), list_bin("l"))'],
    ['{} == $.m', 'eq(map_val({}), map_bin("m"))'],
    ['[] == $.l', 'eq(list_val([]), list_bin("l"))'],
    ['{"a": [1, {"b": 2}]} == $.m', 'eq(map_val({"a": [1, {"b": 2}]}), map_bin("m"))'],
    ['{1: "x", "2": "y"} == $.m', 'eq(map_val({1: "x", "2": "y"}), map_bin("m"))'],
    [
      '[1, $.a] == $.l',
      'ERROR 1:5 could not parse a list or map literal: it holds only literals and placeholders',
    ],
    ['$.l == [-1, +2]', 'eq(list_bin("l"), list_val([-1, 2]))'],
    ['[1, "x", true] == $.l', 'eq(list_val([1, "x", true]), list_bin("l"))'],
  ],
  'space between tokens': [
    ['$ .a == 1', "ERROR 1:1 could not parse '$' where an operand is missing"],
    ['$. a == 1', 'eq(int_bin("a"), int_val(1))'],
    [
      '$.a . b == 1',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("b"), map_bin("a"), []), int_val(1))',
    ],
    ['$.a.b.exists ()', "ERROR 1:14 could not parse '()' behind a complete expression"],
  ],
  mistakes: [
    ['$.a.exists() > 0', 'ERROR 1:1 Cannot compare BOOL to INT'],
    ['$.m.{a,b}.get(return: KEY_VALUE) == [1]', 'ERROR 1:1 Cannot compare MAP to LIST'],
    ['when ($.a == 1 => 1) == 1', 'ERROR 1:20 could not parse when without a last case'],
    ['let (1a = 1) then (true)', "ERROR 1:6 could not parse '1' as the name of a variable"],
    ['$.a ==', 'ERROR 1:7 could not parse the end of the text where an operand is missing'],
    ['($.a == 1', "ERROR 1:10 could not parse the end of the text: expecting ')'"],
    ['$.l.[0', "ERROR 1:7 could not parse the end of the text: expecting ']'"],
    ['$.m.{a', "ERROR 1:7 could not parse the end of the text: expecting '}'"],
    [
      'exclusive($.a == 1, $.b == 2, $.c == 3)',
      'xor([eq(int_bin("a"), int_val(1)), eq(int_bin("b"), int_val(2)), eq(int_bin("c"), int_val(3))])',
    ],
    ['$.a not in [1]', "ERROR 1:5 could not parse 'not' behind a complete expression"],
    ['?0 == 1', 'ERROR 1:1 no placeholder values provided'],
    ['$.a == ?', "ERROR 1:8 could not parse '?' where an operand is missing"],
  ],
  'elements on the way': [
    [
      '$.listBin.[0].[1] == 5',
      'eq(list_get_by_index(LRT.VALUE, ExpType.INT, int_val(1), list_bin("listBin"), [CTX.list_index(0)]), int_val(5))',
    ],
    [
      '$.m.a.[0].{#1}.b == 5',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("b"), map_bin("m"), [CTX.map_key("a"), CTX.list_index(0), CTX.map_rank(1)]), int_val(5))',
    ],
    [
      '$.m.{0}.x == 5',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("x"), map_bin("m"), [CTX.map_index(0)]), int_val(5))',
    ],
    [
      '$.l.[=5].x == 5',
      'eq(map_get_by_key(MRT.VALUE, ExpType.INT, string_val("x"), list_bin("l"), [CTX.list_value(5)]), int_val(5))',
    ],
  ],
}

function compiled(text: string): string {
  try {
    return goldenOf(compile(text).expression)
  } catch (error) {
    if (!(error instanceof AelError)) throw error
    return `ERROR ${error.line}:${error.column} ${error.reason}`
  }
}

describe.each(Object.entries(ROWS))('%s', (_, rows) => {
  it.each(rows)('%s', (text, expected) => {
    expect(compiled(text)).toBe(expected)
  })
})
