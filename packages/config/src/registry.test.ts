import { describe, expect, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import { Behavior } from './behavior.ts'
import { BehaviorRegistry } from './registry.ts'

describe('BehaviorRegistry', () => {
  it('holds the shipped behaviors', () => {
    expect(new BehaviorRegistry().all()).toEqual([
      Behavior.DEFAULT,
      Behavior.READ_FAST,
      Behavior.STRICTLY_CONSISTENT,
      Behavior.FAST_RACK_AWARE,
    ])
  })

  it('gives back what was registered, and nothing that was only derived', () => {
    const registry = new BehaviorRegistry()
    const reports = registry.register(Behavior.DEFAULT.derive('reports'))
    const other = Behavior.DEFAULT.derive('other')
    expect(registry.get('reports')).toBe(reports)
    expect(registry.require('reports')).toBe(reports)
    expect(registry.get(other.name)).toBeUndefined()
    expect(registry.getOrDefault('other')).toBe(Behavior.DEFAULT)
    expect(new BehaviorRegistry().get('reports')).toBeUndefined()
  })

  it('refuses a second behavior of a name, and keeps the first', () => {
    const registry = new BehaviorRegistry()
    const first = registry.register(Behavior.DEFAULT.derive('reports'))
    expect(configErrorOf(() => registry.register(Behavior.DEFAULT.derive('reports'))).found).toBe('reports')
    expect(configErrorOf(() => registry.register(Behavior.READ_FAST.derive('DEFAULT'))).found).toBe('DEFAULT')
    expect(registry.register(first)).toBe(first)
    expect(registry.get('reports')).toBe(first)
  })

  it('names the nearest when one is missing', () => {
    expect(configErrorOf(() => new BehaviorRegistry().require('read_fast')).hint).toBe(
      'Did you mean READ_FAST?',
    )
  })
})
