import { getEventListeners } from 'node:events'
import { expect, it, vi } from 'vitest'
import { AbortWatch } from './abort-watch.ts'

it('listens once to a signal that many wait on, and not at all when none does', () => {
  const watch = new AbortWatch()
  const { signal } = new AbortController()
  const commands = Array.from({ length: 100 }, () => ({ aborted: vi.fn() }))
  for (const command of commands) watch.add(signal, command)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  for (const command of commands) watch.remove(signal, command)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  expect(watch.size).toBe(0)
})

it('tells those that still wait, once', () => {
  const watch = new AbortWatch()
  const controller = new AbortController()
  const [stays, leaves] = [{ aborted: vi.fn() }, { aborted: vi.fn() }]
  watch.add(controller.signal, stays)
  watch.add(controller.signal, leaves)
  watch.remove(controller.signal, leaves)
  controller.abort()
  expect(stays.aborted).toHaveBeenCalledTimes(1)
  expect(leaves.aborted).not.toHaveBeenCalled()
  expect(watch.size).toBe(0)
})

it('lets a command that is told remove itself and others', () => {
  const watch = new AbortWatch()
  const controller = new AbortController()
  const told: string[] = []
  const second = { aborted: () => told.push('second') }
  const first = {
    aborted: () => {
      told.push('first')
      watch.remove(controller.signal, first)
      watch.remove(controller.signal, second)
    },
  }
  watch.add(controller.signal, first)
  watch.add(controller.signal, second)
  controller.abort()
  expect(told).toEqual(['first', 'second'])
})
