import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import { digestOf, infoAnswers, infoRequest, int64, message, readReply, utf8 } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

/** `host:port` of a real server that may be written to. */
const LIVE = process.env['AERO_LIVE_SEEDS']?.split(',')[0]
const SET = 'aero_alike'
const FILE = 'aero_alike.lua'

/** Calls without arguments, by name; each on a record of its own with the bins of {@link BINS}. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  integers:
    'return tostring(math.maxinteger + 1) .. " " .. 7 // 2 .. " " .. 7 / 2 .. " " .. -7 % 3 .. " " .. (5 | 8)',
  version: 'return _VERSION',
  list_print: 'return tostring(list{1, "two", 3.25, true, list{}, map{a = 1}, 1e100, -0.1, 1/0})',
  list_index:
    'local l = list{1, 2}; l[4] = "x"; l[0] = "y"; return tostring(l) .. #l .. tostring(l[9]) .. tostring(l[0])',
  list_set_nil: 'local l = list{1, 2, 3}; l[2] = nil; return tostring(l) .. #l',
  list_insert:
    'local l = list{1, 2}; list.insert(l, 2, "i"); list.insert(l, 6, "far"); list.insert(l, 0, "no"); return tostring(l)',
  list_remove:
    'local l = list{1, 2, 3}; list.remove(l, 2); list.remove(l, 9); list.remove(l, 0); return tostring(l)',
  list_trim: 'local l = list{1, 2, 3}; list.trim(l, 3); list.trim(l, 9); return tostring(l)',
  list_take:
    'local l = list{1, 2, 3}; return tostring(list.take(l, 2)) .. tostring(list.take(l, 0)) .. tostring(list.take(l, 9))',
  list_drop:
    'local l = list{1, 2, 3}; return tostring(list.drop(l, 2)) .. tostring(list.drop(l, 0)) .. tostring(list.drop(l, 9))',
  list_concat: 'local l = list{1}; list.concat(l, list{2, 3}); return tostring(l)',
  list_self:
    'local l = list{1, 2}; list.prepend(l, "p"); list.append(l, nil); return tostring(l) .. list.size(l) .. list.nbytes(l)',
  list_iterator:
    'local t = {}; for v in list.iterator(list{1, "b", 2.5}) do t[#t + 1] = tostring(v) end; return table.concat(t, "|")',
  list_iterator_nil:
    'local l = list(); list.append(l, 1); list.append(l, nil); list.append(l, 3); local n = 0; for v in list.iterator(l) do n = n + 1 end; return n',
  list_create: 'return tostring(list.create(5)) .. tostring(list.create(5, 2)) .. tostring(list.new(0))',
  list_create_bad: 'return tostring(list.create())',
  list_from_table: 'return tostring(list{[1] = "a", x = "no", [2] = "b"})',
  list_clone:
    'local l = list{1, 2}; local c = list.clone(l); list.append(c, 3); return tostring(l) .. tostring(c)',
  list_merge: 'return tostring(list.merge(list{1}, list{2, 3}))',
  list_of_record: 'local l = list(); list.append(l, rec); return #l',
  list_wrong: 'return list.append(5, 1)',
  list_wrong_class: 'return list.append(map(), 1)',
  list_text_index: 'local l = list{1}; return l["x"]',
  list_ordered:
    'local l = rec.ordered; list.append(l, 0); rec.ordered = l; aerospike:update(rec); return rec.ordered',
  list_pairs: 'for k in pairs(list{1}) do end',
  list_equal:
    'local l = list{1}; return tostring(l == l) .. tostring(rec.l == rec.l) .. tostring(getmetatable(l) == List)',
  map_print: 'return tostring(map{a = 1}) .. tostring(map()) .. tostring(map{[3] = list{1}})',
  map_set:
    'local m = map(); m.a = 1; m[2] = "b"; m[2.5] = "c"; m.a = nil; return #m .. tostring(m.a) .. tostring(m[2]) .. tostring(m[2.5]) .. tostring(m.none)',
  map_remove: 'local m = map{a = 1, b = 2}; map.remove(m, "a"); map.remove(m, "z"); return #m .. tostring(m)',
  map_set_table: 'local m = map{a = 1}; m.a = {}; return #m',
  map_set_record: 'local m = map{a = 1}; m.b = rec; return #m',
  map_keys:
    'local t = {}; for k in map.keys(map{a = 1, b = 2}) do t[#t + 1] = k end; table.sort(t); return table.concat(t)',
  map_values: 'local s = 0; for v in map.values(map{a = 1, b = 2}) do s = s + v end; return s',
  map_pairs:
    'local s = ""; for k, v in map.pairs(map{a = 1}) do s = s .. k .. v end; for k, v in map.iterator(map{b = 2}) do s = s .. k .. v end; return s',
  map_size: 'return map.size(map{a = 1}) .. " " .. map.nbytes(map{a = 1, b = "x"})',
  map_create: 'return tostring(map.create(1)) .. tostring(map.new(8))',
  map_create_bad: 'return tostring(map.create(0))',
  map_clone: 'local m = map{a = 1}; local c = map.clone(m); c.b = 2; return #m .. #c',
  map_merge:
    'local m = map.merge(map{a = 1, b = 2}, map{b = 3, c = 4}, function(x, y) return x + y end); return m',
  map_merge_plain: 'return map.merge(map{a = 1, b = 2}, map{b = 3, c = 4})',
  map_diff: 'return map.diff(map{a = 1, b = 2}, map{b = 3, c = 4})',
  map_keys_mixed:
    'local m = map(); m["a"] = 1; m[1] = 2; m[-1] = 3; local b = bytes(); bytes.append_byte(b, 7); m[b] = 4; return m',
  map_double_key: 'local m = map(); m[1.5] = 1; return m',
  map_double_key_stored: 'local m = map(); m[1.5] = 1; rec.x = m; return aerospike:update(rec)',
  bytes_numbers:
    'local b = bytes(); bytes.append_int16(b, 258); bytes.append_int16_le(b, 258); bytes.append_int32_be(b, -2); bytes.append_int32_le(b, 5); bytes.append_int64(b, -3); bytes.append_int64_le(b, 9); return b',
  bytes_read:
    'local b = bytes(); bytes.append_int64(b, -3); return bytes.get_int64(b, 1) .. " " .. bytes.get_int32(b, 5) .. " " .. bytes.get_int16_le(b, 7) .. " " .. b[8] .. " " .. tostring(bytes.get_int64(b, 2)) .. tostring(b[9]) .. tostring(b[0])',
  bytes_range:
    'local b = bytes(); return tostring(bytes.append_byte(b, 256)) .. tostring(bytes.append_byte(b, -1)) .. tostring(bytes.append_int16(b, 40000)) .. tostring(bytes.append_int32(b, 2 ^ 31 | 0)) .. #b',
  bytes_set: 'local b = bytes(4); b[1] = 1; bytes.set_byte(b, 6, 2); bytes.set_int16(b, 2, 515); return #b',
  bytes_text:
    'local b = bytes(); bytes.append_string(b, "hello"); bytes.set_string(b, 2, "ipp"); return bytes.get_string(b, 1, 4) .. tostring(b) .. tostring(bytes.append_string(b, ""))',
  bytes_bytes:
    'local a = bytes(); bytes.append_string(a, "abc"); local b = bytes(); bytes.append_bytes(b, a, 2); bytes.append_bytes(b, a, 9); bytes.set_bytes(b, 1, a, 3); return tostring(bytes.get_bytes(b, 1, 4)) .. #b',
  bytes_var:
    'local b = bytes(); local n = bytes.append_var_int(b, 300); local v, s = bytes.get_var_int(b, 1); return n .. " " .. #b .. " " .. v .. " " .. s',
  bytes_type:
    'local b = bytes(); bytes.append_byte(b, 1); local t = bytes.get_type(b); bytes.set_type(b, 7); return t .. " " .. bytes.get_type(b) .. tostring(bytes.set_type(b, 0))',
  bytes_typed: 'local b = bytes(); bytes.append_byte(b, 1); bytes.set_type(b, 7); return b',
  bytes_typed_stored:
    'local b = bytes(); bytes.append_byte(b, 1); bytes.set_type(b, 7); rec.x = b; rec.y = list{b}; return aerospike:update(rec)',
  bytes_hll: 'rec.h2 = rec.h; return bytes.get_type(rec.h) .. aerospike:update(rec)',
  bytes_big:
    'local b = bytes(); bytes.append_string(b, "abc"); return tostring(bytes.get_string(b, 3, 1)) .. tostring(bytes.get_int64(b, 1)) .. bytes.size(b)',
  map_order:
    'local s = ""; local m = map{z = 1, a = 2}; m[5] = 3; m[-1] = 4; for k in map.keys(m) do s = s .. k .. " " end; return s',
  map_other_keys: 'local m = map(); m[true] = 1; m[1.5] = 2; m[list()] = 3; return #m',
  map_unordered:
    'rec.m2 = rec.m; rec.mo2 = rec.mo; rec.k = list{rec.ordered, rec.mo}; aerospike:update(rec); return rec.k',
  bytes_empty: 'return tostring(bytes()) .. #bytes() .. tostring(bytes.set_size(bytes(4), 4))',
  bytes_in_list:
    'local b = bytes(); bytes.append_byte(b, 1); return list{b, "x", 1.5, -1, true, map{z = 1, a = 2}}',
  geo: 'return geojson("{\\"type\\":\\"Point\\",\\"coordinates\\":[1,2]}")',
  geo_stored:
    'rec.g = geojson("{\\"type\\":\\"Point\\",\\"coordinates\\":[1,2]}"); return aerospike:update(rec)',
  geo_print: 'return tostring(geojson("{}")) .. tostring(geojson(5))',
  geo_bad_stored: 'rec.g = geojson("nonsense"); return aerospike:update(rec)',
  rec_read:
    'return tostring(rec.n) .. rec.s .. tostring(rec.d) .. tostring(rec.t) .. tostring(rec.l) .. tostring(rec.none)',
  rec_blob: 'return tostring(rec.b) .. bytes.get_type(rec.b)',
  rec_set_types:
    'rec.x1 = 1.5; rec.x2 = "t"; rec.x3 = true; rec.x4 = list{1}; rec.x5 = map{a = 1}; rec.x6 = bytes(); return aerospike:update(rec)',
  rec_set_table: 'rec.x = {}',
  rec_set_function: 'rec.x = print',
  rec_set_record: 'rec.x = rec; return aerospike:update(rec)',
  rec_long_name: 'rec.abcdefghijklmnop = 1; return aerospike:update(rec)',
  rec_index_number: 'rec[5] = 1; aerospike:update(rec); return rec["5"]',
  rec_index_nil: 'return rec[nil]',
  rec_index_table: 'return rec[{}]',
  rec_cached: 'local l = rec.l; list.append(l, 9); aerospike:update(rec); return tostring(rec.l)',
  rec_written: 'local l = rec.l; list.append(l, 9); rec.l = l; aerospike:update(rec); return tostring(rec.l)',
  rec_unsaved: 'rec.n = 100; return rec.n',
  rec_delete_bin:
    'rec.n = nil; aerospike:update(rec); local t = record.bin_names(rec); return table.concat(t, ",") .. record.numbins(rec)',
  rec_delete_all:
    'for i, name in ipairs(record.bin_names(rec)) do rec[name] = nil end; return aerospike:update(rec)',
  rec_create: 'return aerospike:create(rec)',
  rec_remove:
    'local a = aerospike:remove(rec); return a .. tostring(aerospike:exists(rec)) .. record.numbins(rec)',
  rec_remove_create: 'aerospike:remove(rec); rec.z = 1; return aerospike:create(rec)',
  rec_remove_update: 'aerospike:remove(rec); rec.z = 1; return aerospike:update(rec)',
  rec_touch: 'return aerospike:update(rec)',
  rec_twice: 'rec.n = 1; aerospike:update(rec); rec.n = 2; return aerospike:update(rec)',
  rec_update_then_fail: 'rec.n = 1; aerospike:update(rec); error("after")',
  rec_meta:
    'return record.gen(rec) .. " " .. record.ttl(rec) .. " " .. tostring(record.setname(rec)) .. " " .. record.numbins(rec) .. " " .. tostring(record.key(rec))',
  rec_size: 'return record.size(rec) .. " " .. record.memory_size(rec) .. " " .. record.device_size(rec)',
  rec_digest: 'return record.digest(rec)',
  rec_update_time: 'return record.last_update_time(rec) > 500000000000',
  rec_now: 'return aerospike:get_current_time() > 500000000000',
  rec_now_epoch: 'return aerospike:get_current_time() > 1400000000000',
  rec_names: 'return table.concat(record.bin_names(rec), ",")',
  rec_drop_key: 'return tostring(record.drop_key(rec)) .. aerospike:update(rec)',
  rec_type: 'return type(rec) .. type(list()) .. type(record) .. type(aerospike) .. type(map{a = list{}}.a)',
  rec_pairs: 'for k, v in pairs(rec) do end',
  rec_print: 'return (tostring(rec):gsub(": 0x.*", ""))',
  rec_call: 'return rec.n()',
  rec_method: 'return rec:update()',
  rec_big: 'rec.x = string.rep("x", 2000000); return aerospike:update(rec)',
  record_wrong: 'return record.gen(5)',
  aerospike_wrong: 'return aerospike.update(rec)',
  aerospike_missing: 'return aerospike:nothing(rec)',
  log: 'info("n %d", 5); warn("w"); trace("t"); debug("d"); return 1',
  error_text: 'error("plain")',
  error_level: 'error("no place", 0)',
  error_number: 'error(5)',
  error_nil: 'error()',
  error_nil_call: 'local f; f()',
  error_nil_field: 'return rec.none.x',
  error_arithmetic: 'return rec.s + {}',
  error_concat: 'return rec.l .. "x"',
  error_compare: 'return 1 < "x"',
  error_stack: 'local function f() return 1 + f() end; return f()',
  error_assert: 'assert(false, "asserted")',
  error_pcall: 'local ok, m = pcall(error, "inner"); return tostring(ok) .. m',
  error_require: 'return require("no_such")',
  returns_table: 'return {}',
  returns_function: 'return print',
  returns_two: 'return 1, 2',
  returns_nan: 'return 0/0',
  returns_nul: 'return "a\\0b"',
  returns_deep: 'return list{list{list{map{a = list{1}}}}}',
  returns_negative_zero: 'return -0.0',
  libraries:
    'local t = {}; for _, n in ipairs{"string", "table", "math", "io", "os", "coroutine", "utf8", "debug", "package"} do t[#t + 1] = type(_G[n]) end; return table.concat(t, ",")',
  sums: 'return math.sum(1, 2) .. " " .. math.product(3, 4)',
  long_loop: 'local s = 0; for i = 1, 1000000 do s = s + i end; return s',
  coroutine_read: 'local c = coroutine.wrap(function() coroutine.yield(rec.n) end); return c()',
  format: 'return string.format("%d %5.2f %s %x %q", 5, 1.5, "s", 255, "q")',
  utf8_text: 'return string.upper("żó") .. utf8.len("żó") .. #"żó"',
  sorted: 'local t = {3, 1, 2}; table.sort(t); return table.concat(t, ",")',
  loop_forever: 'while true do end',
}

const BINS: readonly (readonly [bin: string, particleType: number, value: Uint8Array])[] = [
  ['n', 1, int64(7)],
  ['s', 3, utf8('text')],
  ['d', 2, new Uint8Array([0x3f, 0xf8, 0, 0, 0, 0, 0, 0])],
  ['t', 17, new Uint8Array([1])],
  ['b', 4, new Uint8Array([1, 2, 255])],
  ['l', 20, new Uint8Array([0x92, 1, 2])],
  ['m', 19, new Uint8Array([0x82, 0xa2, 3, 0x61, 1, 0xa2, 3, 0x62, 2])],
  ['h', 18, Uint8Array.from([0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...new Uint8Array(12)])],
  ['mo', 19, new Uint8Array([0x82, 0xc7, 0, 1, 0xc0, 0xa2, 3, 0x61, 1])],
  ['ordered', 20, new Uint8Array([0x93, 0xc7, 0, 1, 1, 2])],
]

/** A server to call functions on. */
interface Target {
  readonly client: RawClient
}

/** Compares functions on this server with the same ones on a real one. */
describe.skipIf(LIVE === undefined)('functions in Lua, here and there (needs AERO_LIVE_SEEDS)', () => {
  let server: DevServer
  let here: Target
  let there: Target
  beforeAll(async () => {
    server = await startDevServer({ nodes: 1, namespaces: ['test'] })
    const source = Object.entries(FUNCTIONS).map(([name, body]) => `function ${name}(rec) ${body} end`)
    here = { client: await RawClient.open(server.node(0).port) }
    there = { client: await RawClient.open(Number(LIVE?.split(':')[1])) }
    for (const { client } of [here, there]) {
      const answer = await ask(client, put(FILE, source.join('\n')))
      expect(answer).toBe('ok')
    }
  })
  afterAll(async () => {
    await ask(there.client, `udf-remove:filename=${FILE}`)
    here.client.close()
    there.client.close()
    await server.close()
  })

  it.each(Object.keys(FUNCTIONS))('%s', async (name) => {
    const number = Object.keys(FUNCTIONS).indexOf(name)
    expect(await call(here, name, number)).toEqual(await call(there, name, number))
  })

  it.each([
    ['function f(\n'],
    ['function f() end end'],
    ['local x = = 1'],
    ['error("while loading")'],
    ['error({})'],
    ["require('not_there')"],
    ['return 5'],
    [''],
  ])('compiling %j', async (source) => {
    const answers: string[] = []
    for (const { client } of [here, there]) answers.push(await ask(client, put('aero_compiled.lua', source)))
    await ask(there.client, 'udf-remove:filename=aero_compiled.lua')
    expect(answers[0]).toBe(answers[1])
  })

  it.each([
    'udf-put:filename=x;content-len=0;content=',
    'udf-put:filename=.lua;content-len=0;content=',
    'udf-put:filename=x.;content-len=0;content=',
    'udf-put:filename=x.lua;content=aaaa',
    'udf-put:filename=x.lua;content=aaaa;content-len=5',
    'udf-put:filename=x.lua;content=aaaa;content-len=8',
    'udf-put:filename=x.lua;content=a*aa;content-len=4',
    'udf-put:filename=x.lua;content-len=4',
    'udf-put:filename=x.lua;content=aaaa;content-len=4;udf-type=JS',
    'udf-put:content=aaaa;content-len=4',
    'udf-get:name=x',
    'udf-get:filename=not_there.lua',
    'udf-remove:name=x',
    'udf-remove:filename=not_there.lua',
    'udf-put',
    'udf-get',
    'udf-remove',
  ])('%s', async (name) => {
    expect(await ask(here.client, name)).toBe(await ask(there.client, name))
  })
})

function put(file: string, source: string): string {
  const content = Buffer.from(source).toString('base64')
  return `udf-put:filename=${file};content=${content};content-len=${content.length};udf-type=LUA`
}

async function ask(client: RawClient, name: string): Promise<string> {
  const answers = infoAnswers(await client.ask(infoRequest(name)))
  const answer = [...answers.values()][0] ?? ''
  const [, encoded = ''] = /message=(\S*)$/.exec(answer) ?? []
  return answer.replace(encoded, withoutFolder(Buffer.from(encoded, 'base64').toString('utf8')))
}

/** Where a server keeps its files is its own affair. */
function withoutFolder(text: string): string {
  return text.replaceAll(/\/\S*\/udf\/lua\//g, '…/')
}

/** Calls the function for a fresh record; gives the reply, and the record afterwards. */
async function call({ client }: Target, name: string, number: number): Promise<unknown> {
  const digest = digestOf(5, number)
  await client.ask(message({ set: SET, info2: 3, digest }))
  const operations = BINS.map(([bin, particleType, value]) => ({ type: 2, bin, particleType, value }))
  await client.ask(message({ set: SET, info2: 1, digest, operations }))
  const fields: readonly (readonly [number, Uint8Array])[] = [
    [30, utf8(FILE.replace('.lua', ''))],
    [31, utf8(name)],
    [32, new Uint8Array([0x90])],
  ]
  const reply = readReply(await client.ask(message({ set: SET, info2: 1, digest, fields })))
  const after = readReply(await client.ask(message({ set: SET, info1: 3, digest })))
  return {
    ...reply,
    operations: reply.operations.map(([type, bin, particleType, value]) => [
      type,
      bin,
      particleType,
      particleType === 3 ? withoutFolder(Buffer.from(value).toString('utf8')) : value,
    ]),
    after,
  }
}
