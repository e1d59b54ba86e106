import { describe, expect, it } from 'vitest'
import { RESULT_CODE, RESULT_CODES, resultCodeRow } from './result-code.ts'

describe('result codes', () => {
  it('has one row for each name, in the order of the codes', () => {
    expect(RESULT_CODES.map((row) => row.name)).toEqual(Object.keys(RESULT_CODE))
    expect(RESULT_CODES.map((row) => row.code)).toEqual(Object.values(RESULT_CODE))
    const codes = RESULT_CODES.map((row) => row.code)
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b))
  })

  it.each(RESULT_CODES.map((row) => [row.name, row] as const))(
    '%s is found by its code and says something',
    (_name, row) => {
      expect(resultCodeRow(row.code)).toBe(row)
      expect(row.sentence).toMatch(/^[A-Z].*\.$/)
    },
  )

  it('gives unknown codes a row of their own', () => {
    expect(resultCodeRow(99)).toEqual({
      code: 99,
      name: 'CODE_99',
      kind: 'Aerospike',
      retryable: false,
      inDoubt: false,
      sentence: expect.stringContaining('code 99'),
    })
  })

  it('leaves in doubt, of the answers of a server, only its timeout', () => {
    const doubtful = RESULT_CODES.filter((row) => row.inDoubt && row.code > 0)
    expect(doubtful.map((row) => row.name)).toEqual(['TIMEOUT'])
  })

  it('tries again after overload, timeouts and changes of the cluster', () => {
    const retryable = RESULT_CODES.filter((row) => row.retryable && row.code > 0)
    expect(retryable.map((row) => row.name)).toEqual([
      'CLUSTER_KEY_MISMATCH',
      'TIMEOUT',
      'PARTITION_UNAVAILABLE',
      'KEY_BUSY',
      'DEVICE_OVERLOAD',
      'XDR_KEY_BUSY',
      'EXPIRED_SESSION',
      'BATCH_QUEUES_FULL',
      'INDEX_NOTREADABLE',
      'QUERY_QUEUEFULL',
    ])
  })
})
