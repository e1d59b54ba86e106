import { RESULT_CODES } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import * as errors from './errors.ts'
import { AerospikeError, errorFromCode } from './errors.ts'

describe('the error family', () => {
  it.each(RESULT_CODES.map((row) => [row.code, row] as const))(
    '%i has its class, name and sentence',
    (code, row) => {
      const error = errorFromCode(code)
      expect(error).toBeInstanceOf(AerospikeError)
      const className = row.kind === 'Aerospike' || row.kind === 'Ok' ? 'AerospikeError' : `${row.kind}Error`
      expect(error.name).toBe(className)
      expect(error).toBeInstanceOf((errors as { [name: string]: unknown })[className])
      expect(error).toMatchObject({
        code,
        codeName: row.name,
        retryable: row.retryable,
        inDoubt: false,
        attempts: [],
      })
      expect(error.message).toContain(row.sentence)
    },
  )

  it.each([
    ['BinTypeError', 12, errors.BinError],
    ['BinOpInvalidError', 26, errors.BinError],
    ['ElementNotFoundError', 23, errors.ElementError],
    ['KeyBusyError', 14, errors.CapacityError],
    ['ConnectionError', -8, errors.CapacityError],
    ['CommitError', -17, errors.TransactionError],
  ])('%s stands below its family', (name, code, parent) => {
    expect(errorFromCode(code)).toBeInstanceOf(parent)
    expect(errorFromCode(code).name).toBe(name)
  })

  it('gives a code of the future a general error that names it', () => {
    const error = errorFromCode(9999)
    expect(error).toMatchObject({ code: 9999, name: 'AerospikeError' })
    expect(error.message).toContain('9999')
  })

  it('is recognised across two copies of the package', () => {
    expect(AerospikeError.is(errorFromCode(2))).toBe(true)
    expect(AerospikeError.is({ [Symbol.for('aero.AerospikeError')]: true })).toBe(true)
    for (const other of [new Error('x'), null, undefined, 'text'])
      expect(AerospikeError.is(other)).toBe(false)
  })
})
