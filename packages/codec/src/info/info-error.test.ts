import { describe, expect, it } from 'vitest'
import { parseInfoError, printInfoError } from './info-error.ts'

describe('info errors', () => {
  it.each([
    ['ERROR:4:unrecognized command', { code: 4, text: 'unrecognized command' }],
    ['ERROR:25:enterprise only', { code: 25, text: 'enterprise only' }],
    [
      "ERROR:4:missing 'indexname'ERROR:20:missing 'namespace'",
      { code: 4, text: "missing 'indexname'ERROR:20:missing 'namespace'" },
    ],
    ['ERROR::bad-id', { code: 1, text: 'bad-id' }],
    ['ERROR', { code: 1, text: '' }],
    ['ERROR:', { code: 1, text: '' }],
    ['ERROR:7', { code: 7, text: '' }],
    ['ERROR:no number here', { code: 1, text: 'no number here' }],
    ['FAIL:201:no index', { code: 201, text: 'no index' }],
    ['fail: something', { code: 1, text: 'something' }],
    ['FAIL', { code: 1, text: '' }],
  ])('%s', (value, error) => {
    expect(parseInfoError(value)).toEqual(error)
  })

  it.each([
    '',
    'ok',
    'errors=0',
    'failed_best_practices=swappiness',
    'ERRORS:1:x',
    'x ERROR:4:y',
    'error=not_found',
  ])('not an error: %j', (value) => {
    expect(parseInfoError(value)).toBeUndefined()
  })

  it('prints as servers do', () => {
    expect(printInfoError({ code: 4, text: 'unrecognized command' })).toBe('ERROR:4:unrecognized command')
  })
})
