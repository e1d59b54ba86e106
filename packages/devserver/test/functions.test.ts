import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DevServer, type FunctionLog, startDevServer } from '../src/index.ts'
import {
  infoAnswers,
  infoRequest,
  int64,
  type Message,
  message,
  type Reply,
  readReply,
  utf8,
} from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

const WRITE = 1
const INTEGER = 1
const FIELD = { module: 30, function: 31, arguments: 32 } as const
const NO_ARGUMENTS = new Uint8Array([0x90])

const MODULE = `
function largest(rec) return math.maxinteger end
function smallest(rec) return math.mininteger end
function half(rec) return 7 / 2 end
function write(rec, name, value)
  rec[name] = value
  if aerospike:exists(rec) then return aerospike:update(rec) end
  return aerospike:create(rec)
end
function read(rec, name) return rec[name] end
function forget_update(rec) rec.n = 99 end
function erase(rec) return aerospike:remove(rec) end
function live(rec, seconds) record.set_ttl(rec, seconds); rec.n = 1; return aerospike:update(rec) end
function fail(rec) rec.n = 5; aerospike:update(rec); error('no') end
function loop() while true do end end
function say(rec) warn('n is %d', rec.n) end
function bad(rec) rec.t = {} end
function lists()
  local l = list{1, 2, 3}
  list.append(l, 4); list.prepend(l, 0); list.insert(l, 3, 9); list.remove(l, 1); list.trim(l, 5)
  l[6] = 'far'
  return tostring(l) .. #l .. tostring(list.take(l, 2)) .. tostring(list.drop(l, 4)) .. tostring(l[99])
end
function maps()
  local m = map{b = 2}
  m.a = list{1.5, true}
  m[7] = 'seven'
  map.remove(m, 'b')
  local keys = {}
  for k, v in map.pairs(m) do keys[#keys + 1] = tostring(k) end
  table.sort(keys)
  return table.concat(keys, ',') .. #m .. tostring(m.a) .. tostring(m.none)
end
function blobs()
  local b = bytes()
  bytes.append_int32_be(b, 258); bytes.append_int16_le(b, -2); bytes.append_string(b, 'é'); bytes.append_byte(b, 300)
  return tostring(b) .. ' ' .. bytes.get_int32(b, 1) .. ' ' .. bytes.get_int16_le(b, 5) .. ' ' .. bytes.size(b)
end
`

describe('functions in Lua', () => {
  let server: DevServer
  let client: RawClient
  let logged: FunctionLog[]
  beforeEach(async () => {
    logged = []
    server = await startDevServer({ nodes: 2, log: (line) => logged.push(line) })
    client = await RawClient.open(server.node(0).port)
    await register('module.lua', MODULE)
  })
  afterEach(async () => {
    client.close()
    await server.close()
  })

  async function info(name: string): Promise<string | undefined> {
    return infoAnswers(await client.ask(infoRequest(name))).get(name)
  }

  async function register(file: string, source: string): Promise<string | undefined> {
    const content = Buffer.from(source).toString('base64')
    return await info(
      `udf-put:filename=${file};content=${content};content-len=${content.length};udf-type=LUA;`,
    )
  }

  async function call(name: string, args: Uint8Array = NO_ARGUMENTS, extra: Message = {}): Promise<Reply> {
    const fields: Message['fields'] = [
      [FIELD.module, utf8('module')],
      [FIELD.function, utf8(name)],
      [FIELD.arguments, args],
    ]
    return readReply(await client.ask(message({ info2: WRITE, ...extra, fields })))
  }

  async function text(name: string, args?: Uint8Array): Promise<string> {
    const [operation] = (await call(name, args)).operations
    return `${operation?.[1]} ${Buffer.from(operation?.[3] ?? []).toString('utf8')}`
  }

  async function putN(value: number): Promise<void> {
    const operations = [{ type: 2, bin: 'n', particleType: INTEGER, value: int64(value) }]
    await client.ask(message({ info2: WRITE, operations }))
  }

  async function bin(): Promise<Uint8Array | undefined> {
    return readReply(await client.ask(message({ info1: 3 }))).operations[0]?.[3]
  }

  it('keep integers of 64 bits apart from doubles', async () => {
    expect((await call('largest')).operations).toEqual([
      [1, 'SUCCESS', INTEGER, new Uint8Array([0x7f, ...new Uint8Array(7).fill(0xff)])],
    ])
    expect((await call('smallest')).operations[0]?.[3]).toEqual(new Uint8Array([0x80, ...new Uint8Array(7)]))
    expect((await call('half')).operations[0]?.[2]).toBe(2)
  })

  it('create, change and remove the record they are called for', async () => {
    const written = await call('write', packed('n', 5))
    expect(written).toMatchObject({ resultCode: 0, generation: 1 })
    expect(await bin()).toEqual(int64(5))
    expect((await call('read', packed('n'))).operations[0]?.[3]).toEqual(int64(5))
    expect((await call('write', packed('n', 6))).generation).toBe(2)
    expect((await call('erase')).operations[0]?.[3]).toEqual(int64(0))
    expect(await bin()).toBeUndefined()
  })

  it('change nothing without saying update, or when they fail after it', async () => {
    await putN(1)
    expect((await call('forget_update')).resultCode).toBe(0)
    expect(await bin()).toEqual(int64(1))
    expect(await text('fail')).toMatch(/^FAILURE \/opt\/aerospike\/usr\/udf\/lua\/module\.lua:\d+: no$/)
    expect(await bin()).toEqual(int64(1))
  })

  it('set the time to live', async () => {
    await putN(1)
    const { voidTime } = await call('live', packed(100))
    expect(voidTime).toBeGreaterThan(0)
    expect((await call('live', new Uint8Array([0x91, 0xce, 0xff, 0xff, 0xff, 0xff]))).voidTime).toBe(0)
    expect((await call('live', new Uint8Array([0x91, 0xce, 0x7f, 0xff, 0xff, 0xff]))).resultCode).toBe(4)
  })

  it('work on lists, maps and bytes', async () => {
    expect(await text('lists')).toBe('SUCCESS [1, 9, 2, 3, NIL, "far"]6[1, 9][NIL, "far"]nil')
    expect(await text('maps')).toBe('SUCCESS 7,a2[1.5, true]nil')
    expect(await text('blobs')).toBe('SUCCESS 00 00 01 02 FE FF C3 A9 258 -2 8')
  })

  it('end when they run for too long', async () => {
    const reply = await call('loop', NO_ARGUMENTS)
    expect(reply.resultCode).toBe(100)
    expect(Buffer.from(reply.operations[0]?.[3] ?? []).toString()).toBe('UDF Execution Timeout')
    expect((await call('half')).resultCode).toBe(0)
  })

  it('log to whoever asks', async () => {
    await putN(3)
    await call('say')
    expect(logged).toEqual([
      { level: 'warning', where: expect.stringMatching(/module\.lua:\d+$/), text: 'n is 3' },
    ])
  })

  it('are refused what is no value of a bin', async () => {
    await putN(1)
    expect(await text('bad')).toMatch(/: can't set bin t to unsupported type$/)
  })

  it('are missing with their module, and taken anew when it is registered again', async () => {
    expect(await text('nobody')).toBe('FAILURE function not found')
    await register('module.lua', 'function half() return 1 end')
    expect((await call('half')).operations[0]?.[2]).toBe(INTEGER)
    expect(await text('lists')).toBe('FAILURE function not found')
    expect(await info('udf-remove:filename=module.lua')).toBe('ok')
    expect(await text('half')).toBe('FAILURE UDF: Execution Error 1')
    expect(await info('udf-list')).toBe('')
  })

  it('come from other modules, too, and from any node of the cluster', async () => {
    await register('shared.lua', 'return { twice = function(n) return 2 * n end }')
    await register(
      'module.lua',
      "local shared = require('shared')\nfunction half(rec, n) return shared.twice(n) end",
    )
    const other = await RawClient.open(server.node(1).port)
    expect(infoAnswers(await other.ask(infoRequest('udf-list'))).get('udf-list')).toContain('shared.lua')
    other.close()
    expect((await call('half', packed(21))).operations[0]?.[3]).toEqual(int64(42))
  })

  it('are not taken when they cannot be compiled', async () => {
    expect(await register('broken.lua', 'function f(\n')).toBe(
      `error=compile_error;file=broken.lua;line=2;message=${Buffer.from("<name> or '...' expected near <eof>").toString('base64')}`,
    )
    expect(await register('nodot', '')).toBe('error=invalid_filename')
    expect(await info('udf-get:filename=broken.lua')).toBe('error=not_found')
  })

  it('do not go with a generation', async () => {
    expect((await call('half', NO_ARGUMENTS, { info2: WRITE | 4 })).resultCode).toBe(4)
  })
})

/** A packed list of texts and small integers. */
function packed(...values: readonly (string | number)[]): Uint8Array {
  const parts = values.map((value) =>
    typeof value === 'number' ? [value] : [0xa1 + value.length, 3, ...utf8(value)],
  )
  return new Uint8Array([0x90 | values.length, ...parts.flat()])
}
