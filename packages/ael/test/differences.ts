/** What we make of a golden row when the references are not to be copied; an expectation in the same notation. */
export interface Difference {
  readonly because: string
  readonly ours: string
}

const NULL = 'a bin may be called as it likes'
const NESTED = 'the list that is searched is read as a list; read as a text the server refuses it'
const FROM_BACK = 'how many elements that is depends on how many there are'

const bin = (name: string): string => `eq(int_bin("${name}"), int_val(5))`
const nested = (left: string, key: string, on: string, context = ''): string =>
  `list_get_by_value(LRT.EXISTS, ${left}, ` +
  `map_get_by_key(MRT.VALUE, ExpType.LIST, string_val("${key}"), map_bin("${on}"), [${context}]), [])`

/** Golden rows that hold with `reference: true` only, by their text. */
export const DIFFERENCES: { readonly [text: string]: Difference } = {
  '$.null == 5': { because: NULL, ours: bin('null') },
  '$.NULL == 5': { because: NULL, ours: bin('NULL') },
  '$.mynull == 5': { because: NULL, ours: bin('mynull') },
  '$.my_null_bin == 5': { because: NULL, ours: bin('my_null_bin') },
  '$."my-null-key" == 5': { because: NULL, ours: bin('my-null-key') },
  '$."null" == 5': { because: NULL, ours: bin('null') },
  "$.'null' == 5": { because: NULL, ours: bin('null') },
  '$.null@ == 5': { because: NULL, ours: bin('null@') },
  '$."null@host" == 5': { because: NULL, ours: bin('null@host') },
  '$.flag.get(type: BOOL) in $.items.tags': {
    because: NESTED,
    ours: nested('bool_bin("flag")', 'tags', 'items'),
  },
  '$.item.get(type: MAP) in $.items.tags': {
    because: NESTED,
    ours: nested('map_bin("item")', 'tags', 'items'),
  },
  '$.val.asInt() in $.items.tags': {
    because: NESTED,
    ours: nested('to_int(float_bin("val"))', 'tags', 'items'),
  },
  '$.val.asFloat() in $.items.tags': {
    because: NESTED,
    ours: nested('to_float(int_bin("val"))', 'tags', 'items'),
  },
  '$.intBin.get(type: INT) in $.rooms.config.allowedNames': {
    because: NESTED,
    ours: nested('int_bin("intBin")', 'allowedNames', 'rooms', 'CTX.map_key("config")'),
  },
  '$.rooms.name.get(type: STRING) in $.rooms2.list': {
    because: NESTED,
    ours: nested(
      'map_get_by_key(MRT.VALUE, ExpType.STRING, string_val("name"), map_bin("rooms"), [])',
      'list',
      'rooms2',
    ),
  },
  '$.intBin1.get(type: INT) > $.intBin2.asFloat()': {
    because:
      'a whole number is made a double where it is compared with one; the server refuses to compare them',
    ours: 'gt(to_float(int_bin("intBin1")), to_float(int_bin("intBin2")))',
  },
  '(2 ** 3 & 5) == 0': {
    because: 'a power is a double, which has no bits to combine; the server refuses it',
    ours: 'ERROR /operands must be whole/',
  },
  '$.listBin1.[-3:1]': { because: FROM_BACK, ours: 'ERROR /counted from the end/' },
  '$.mapBin1.{-3:1}': { because: FROM_BACK, ours: 'ERROR /counted from the end/' },
  '$.recordSize() > 1048576': {
    because: 'the size of the record, not the share of it that is on the device',
    ours: 'gt(record_size(), int_val(1048576))',
  },
  'exclusive($.a == "aVal", $.b == "bVal", $.c == "cVal", $.d == 4)': {
    because: 'exactly one, as the server does it; pairwise it would be an odd number of them',
    ours:
      'xor([eq(string_bin("a"), string_val("aVal")), eq(string_bin("b"), string_val("bVal")), ' +
      'eq(string_bin("c"), string_val("cVal")), eq(int_bin("d"), int_val(4))])',
  },
  [`let (x = 1) then (let (x = ["a"]) then ($.name.get(type: STRING) in ${'$'}{x}))`]: {
    because: 'the server refuses an inner variable with the name of an outer one',
    ours:
      'exp_let([def("x", int_val(1)), exp_let([def("x_2", list_val(["a"])), ' +
      'list_get_by_value(LRT.EXISTS, string_bin("name"), var("x_2"), [])])])',
  },
  [`let (x = when(true => 1, default => 2)) then ("foo" in ${'$'}{x})`]: {
    because: 'the type of the variable is known, and no list',
    ours: 'ERROR /IN operation requires a List/',
  },
}
