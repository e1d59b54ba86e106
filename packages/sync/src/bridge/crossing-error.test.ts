import { AerospikeError, EncodeError, errorFromCode, UsageError } from '@aero/async'
import { describe, expect, it } from 'vitest'
import { describeError, reviveError } from './crossing-error.ts'

/** What arrives of an error in the other thread. */
function crossed(error: unknown): Error {
  return reviveError(structuredClone(describeError(error)))
}

function theCaller(): Error {
  return crossed(new UsageError('said wrong'))
}

describe('an error that has crossed', () => {
  it('is of the same class, with what it told', () => {
    const error = errorFromCode(200, { message: 'no such index', node: 'A1', cause: new Error('why') })
    const arrived = crossed(error)
    expect(arrived).toBeInstanceOf(error.constructor)
    expect(AerospikeError.is(arrived)).toBe(true)
    expect(arrived).toMatchObject({ name: 'IndexError', code: 200, node: 'A1', cause: { message: 'why' } })
    expect(arrived.message).toBe(error.message)
  })

  it.each([new UsageError('said wrong'), new TypeError('no event'), new RangeError('too many')])(
    'of the class $name is of it again',
    (error) => {
      expect(crossed(error)).toBeInstanceOf(error.constructor)
      expect(crossed(error)).toMatchObject({ name: error.name, message: error.message })
    },
  )

  it('about a value that cannot be sent says where it stands', () => {
    const arrived = crossed(new EncodeError('name', 'is too long'))
    expect(arrived).toBeInstanceOf(EncodeError)
    expect(arrived).toMatchObject({ path: 'name', reason: 'is too long', message: 'name: is too long' })
  })

  it('shows the stack of who hears of it', () => {
    expect(theCaller().stack).toContain('theCaller')
  })

  it('of an unknown kind keeps its name and the stack of its own thread', () => {
    const error = new Error('odd')
    error.name = 'OddError'
    expect(crossed(error)).toMatchObject({ name: 'OddError', message: 'odd', stack: error.stack })
    expect(crossed('thrown text')).toMatchObject({ name: 'Error', message: 'thrown text' })
  })
})
