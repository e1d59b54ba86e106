import { describe, expect, it } from 'vitest'
import { CodecError, DecodeError, EncodeError, LimitExceededError, TruncatedError } from './errors.ts'

describe('codec errors', () => {
  it.each([
    [new EncodeError('bins.a', 'no'), 'EncodeError'],
    [new DecodeError('no', 7), 'DecodeError'],
    [new TruncatedError('no', 7), 'TruncatedError'],
    [new LimitExceededError('no', 7), 'LimitExceededError'],
  ])('%s is a CodecError under its own name', (error, name) => {
    expect(error).toBeInstanceOf(CodecError)
    expect(error.name).toBe(name)
  })

  it('says where in the input a value stands', () => {
    const error = new EncodeError('tags[2]', 'a symbol cannot be stored')
    expect(error.message).toBe('tags[2]: a symbol cannot be stored')
    expect(error.path).toBe('tags[2]')
    expect(error.reason).toBe('a symbol cannot be stored')
  })

  it('says where in the bytes the offence stands', () => {
    const error = new DecodeError('no frame', 12, '00 >ff<')
    expect(error.message).toBe('no frame (offset 12) … 00 >ff<')
    expect(error.offset).toBe(12)
  })

  it.each([
    ['', '', ''],
    ['', 'city', 'city'],
    ['address', '', 'address'],
    ['address', 'city', 'address.city'],
    ['tags', '[2]', 'tags[2]'],
    ['[2]', 'city', '[2].city'],
    ['[2]', '["a.b"].c', '[2]["a.b"].c'],
  ])('under %j the path %j becomes %j', (parent, path, whole) => {
    const error = new EncodeError(path, 'no').under(parent)
    expect(error.path).toBe(whole)
    expect(error.reason).toBe('no')
  })
})
