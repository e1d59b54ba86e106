import { ael } from '@aero/ael'
import {
  ByteReader,
  decodeExpression,
  EXPRESSION_READ_FLAG,
  EXPRESSION_WRITE_FLAG,
  OPERATION_TYPE,
  type Operation,
  readOperation,
} from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { selectOperation, writeFromOperation } from './computed.ts'
import { Exp } from './exp.ts'
import { sentOperations } from './sent-operations.ts'

/** The text and the flags in an operation's payload; `undefined` when it is compiled. */
function textOf({ payload }: Operation): readonly [text: string, flags: number] | undefined {
  const bytes = payload as Uint8Array
  expect(bytes[0]).toBe(0x92)
  const expression = decodeExpression(ByteReader.over(bytes.subarray(1, -1)))
  return expression.kind === 'text' ? [expression.text, bytes.at(-1) as number] : undefined
}

const sent = (operation: Operation): Operation => sentOperations([operation], true)[0] as Operation

describe('formulas', () => {
  it('go compiled to servers before 8.2', () => {
    const operations = [selectOperation('twice', '$.n * 2 > 1')]
    expect(sentOperations(operations, false)).toBe(operations)
    expect(textOf(operations[0] as Operation)).toBeUndefined()
  })

  it('go as texts to servers that compile, with their flags, and with values as literals', () => {
    const read = sent(selectOperation('x', '$.n*2>1', { ignoreEvalFailure: true }))
    expect(read).toMatchObject({ type: OPERATION_TYPE.expressionRead, bin: 'x' })
    expect(textOf(read)).toEqual(['$.n*2>1', EXPRESSION_READ_FLAG.evalNoFail])
    const write = sent(writeFromOperation('insert', 'b', ael`$.s == ${"it's"}`))
    expect(write).toMatchObject({ type: OPERATION_TYPE.expressionModify, bin: 'b' })
    expect(textOf(write)).toEqual([`$.s == "it's"`, EXPRESSION_WRITE_FLAG.createOnly])
  })

  it.each<[string, Operation]>([
    ['whose type only the options say', selectOperation('x', '$.n', { type: 'STRING' })],
    ['that do not say their type', selectOperation('x', '$.n + 1')],
    ['with a value that has no literal', selectOperation('x', ael`$.h == ${new Uint8Array(2)}`)],
    ['given as expressions', selectOperation('x', Exp.intBin('n'))],
  ])('%s go compiled everywhere', (_, operation) => {
    expect(textOf(sent(operation))).toBeUndefined()
    expect(sent(operation)).toBe(operation)
  })

  it('leave other operations alone, and survive being cloned', () => {
    const plain = readOperation('a')
    const formula = structuredClone(selectOperation('x', '$.n > 1'))
    const [first, second] = sentOperations([plain, formula], true)
    expect(first).toBe(plain)
    expect(textOf(second as Operation)).toEqual(['$.n > 1', 0])
    expect(sentOperations(undefined, true)).toBeUndefined()
  })
})
