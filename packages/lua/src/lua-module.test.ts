import { Double, GeoJson, HyperLogLog } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { LuaError, loadLua } from './index.ts'

const SOURCE = `
local function add(a, b) return a + b end
function sum(s) return s : map(function(r) return r.n end) : reduce(add) end
function mean(s)
  local function split(all, r) return all end
  return s : aggregate(map{n = 0, sum = 0}, split)
           : reduce(function(a, b) return map{n = a.n + b.n, sum = a.sum + b.sum} end)
           : map(function(all) return all.sum / all.n end)
end
function first(s) return s : reduce(function(a, b) return a end) end
function only_maps(s) return s : map(function(r) return r end) end
function scaled(s, by) return s : reduce(add) : map(function(x) return x * by end) end
function fails(s) return s : reduce(function(a, b) error('not these') end) end
function kinds(s) return s : reduce(add) : map(function(x) return math.type(x) end) end
function says(s) return s : reduce(function(a, b) info('%d and %d', a, b); return a + b end) end
function sorted(s) return s : reduce(function(a, b) return a end) : filter(function(x) return x > 1 end) end
`

async function moduleOf(source = SOURCE, options = {}) {
  return (await loadLua()).module('test_module', source, options)
}

describe('finish() of a module', () => {
  it('reduces what the servers have reduced, and goes on from there', async () => {
    const module = await moduleOf()
    expect(module.finish('sum', [], [1n, 2n, 3n])).toEqual([6n])
    expect(module.finish('sum', [], [])).toEqual([])
    const partials = [
      new Map([
        ['n', 2n],
        ['sum', 3n],
      ]),
      new Map([
        ['n', 2n],
        ['sum', 4n],
      ]),
    ]
    expect(module.finish('mean', [], partials)).toEqual([new Double(1.75)])
    expect(module.finish('scaled', [10n], [1n, 2n])).toEqual([30n])
    expect(module.finish('sorted', [], [1n, 5n])).toEqual([])
  })

  it('hands on what no reduce has to see', async () => {
    expect((await moduleOf()).finish('only_maps', [], [1n, 'two'])).toEqual([1n, 'two'])
  })

  it('keeps integers of 64 bits and doubles apart', async () => {
    const module = await moduleOf()
    expect(module.finish('sum', [], [(1n << 62n) - 1n, 1n << 62n])).toEqual([(1n << 63n) - 1n])
    expect(module.finish('kinds', [], [1n, 2n])).toEqual(['integer'])
    expect(module.finish('kinds', [], [1, 2])).toEqual(['float'])
    expect(module.finish('sum', [], [1, 2])).toEqual([new Double(3)])
  })

  it('gives values of all kinds back', async () => {
    const module = await moduleOf()
    const values = [
      'grüß dich ☕',
      true,
      Uint8Array.of(1, 2, 255),
      new GeoJson('{"type":"Point","coordinates":[1,2]}'),
      new HyperLogLog(Uint8Array.of(1, 2)),
      [1n, ['a', null]],
      new Map<string | bigint, unknown>([
        [1n, 'one'],
        ['a', [true]],
      ]),
    ]
    for (const value of values) expect(module.finish('first', [], [value as never])).toEqual([value])
  })

  it('passes over nil, which would end the stream', async () => {
    expect((await moduleOf()).finish('sum', [], [1n, null, 2n])).toEqual([3n])
  })

  it('tells what the function says', async () => {
    const module = await moduleOf()
    expect(() => module.finish('fails', [], [1n, 2n])).toThrow(LuaError)
    expect(() => module.finish('fails', [], [1n, 2n])).toThrow(/^test_module\.lua:\d+: not these$/)
    expect(() => module.finish('none', [], [])).toThrow('function not found')
    expect(() => module.finish('sum', [], ['a', 1n])).toThrow(/attempt to add a 'string' with a 'number'/)
    const lines: string[] = []
    expect(
      (await moduleOf(SOURCE, { log: (line: string) => lines.push(line) })).finish('says', [], [1n, 2n]),
    ).toEqual([3n])
    expect(lines).toEqual(['1 and 2'])
  })
})

describe('module()', () => {
  it('refuses what does not compile, or is not named as aggregations do', async () => {
    await expect(moduleOf('function (')).rejects.toThrow(/test_module\.lua:1: <name> expected/)
    await expect(moduleOf('error("at once")')).rejects.toThrow(/at once/)
    const lua = await loadLua()
    expect(() => lua.module('m.lua', '')).toThrow(/without '.lua'/)
    expect(() => lua.module('', '')).toThrow(LuaError)
  })

  it('has the modules that it requires', async () => {
    const source = `local other = require('other')\nfunction sum(s) return s : reduce(other.add) end`
    const other = 'return { add = function(a, b) return a + b end }'
    expect((await moduleOf(source, { requires: { other } })).finish('sum', [], [1n, 2n])).toEqual([3n])
    await expect(moduleOf(source)).rejects.toThrow(/no text of a module 'other' was given with test_module/)
  })
})
