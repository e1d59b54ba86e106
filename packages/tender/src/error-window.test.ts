import { describe, expect, it } from 'vitest'
import { DEFAULT_ERROR_WINDOW, ErrorWindow, soundErrorWindow } from './error-window.ts'

function make(window: ErrorWindow, errors: number): boolean[] {
  return Array.from({ length: errors }, () => window.record())
}

describe('ErrorWindow', () => {
  it('suspends at the error after the last one allowed, and says so once', () => {
    const window = new ErrorWindow(3)
    expect(make(window, 5)).toEqual([false, false, false, true, false])
    expect(window.isSuspended).toBe(true)
    expect(window.errors).toBe(5)
  })

  it('halves the allowance after each bad window, down to one', () => {
    const window = new ErrorWindow(100)
    const allowed: number[] = []
    for (let round = 0; round < 8; round++) {
      make(window, window.allowed + 1)
      expect(window.endWindow()).toBe(true)
      allowed.push(window.allowed)
    }
    expect(allowed).toEqual([50, 25, 12, 6, 3, 1, 1, 1])
  })

  it('doubles the allowance after each good window, up to where it began', () => {
    const window = new ErrorWindow(100)
    for (let round = 0; round < 8; round++) {
      make(window, window.allowed + 1)
      window.endWindow()
    }
    const allowed: number[] = []
    for (let round = 0; round < 8; round++) {
      make(window, window.allowed)
      expect(window.endWindow()).toBe(false)
      allowed.push(window.allowed)
    }
    expect(allowed).toEqual([2, 4, 8, 16, 32, 64, 100, 100])
  })

  it('counts without ever suspending when switched off', () => {
    const window = new ErrorWindow(0)
    expect(make(window, 1000).includes(true)).toBe(false)
    expect(window.isSuspended).toBe(false)
    expect(window.endWindow()).toBe(false)
    expect(window.allowed).toBe(0)
  })

  it('begins again as new after a reset', () => {
    const window = new ErrorWindow(8)
    make(window, 9)
    expect(window.reset()).toBe(true)
    expect([window.errors, window.allowed, window.isSuspended]).toEqual([0, 8, false])
    expect(window.reset()).toBe(false)
  })
})

describe('soundErrorWindow', () => {
  it.each([
    [100, 1, true],
    [1, 1, true],
    [0, 1, true],
    [0, 9, true],
    [300, 3, true],
    [101, 1, false],
    [1, 2, false],
    [100, 0, false],
    [0, 0, false],
    [-1, 1, false],
    [Number.NaN, 1, false],
  ])('%d errors in %d rounds: %s', (maxErrorRate, errorRateWindow, isSound) => {
    const options = { maxErrorRate, errorRateWindow }
    expect(soundErrorWindow(options)).toEqual(isSound ? options : DEFAULT_ERROR_WINDOW)
  })
})
