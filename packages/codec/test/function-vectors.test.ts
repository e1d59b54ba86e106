import { hex, loadVectors, toHex } from '@aero/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { FUNCTION_BIN } from '../src/command/function-call.ts'
import { decodeRecordReply, replyResultCode } from '../src/command/record-reply.ts'
import { encodeRecordRequest } from '../src/command/record-request.ts'
import { FrameDecoder } from '../src/frame/frame-decoder.ts'
import { BinNames } from '../src/message/bin-names.ts'
import { RESULT_CODE } from '../src/message/result-code.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'
import { parseCaptured } from './vectors/captured-message.ts'
import { member, officialView, resultOf } from './vectors/notation.ts'
import { requestOf } from './vectors/official-calls.ts'

/** Functions applied to one record; registering and removing them are info requests. */
const vectors = loadVectors('udf').filter(({ input }) => input.call === 'apply')
let encoded = 0
let decoded = 0
afterAll(() => console.log(`vectors udf: requests encoded ${encoded}, answers decoded ${decoded}`))

describe.skipIf(vectors.length === 0)('vectors: udf (needs AERO_VECTORS)', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s encodes as captured', (_, vector) => {
    const out = new ByteWriter(64)
    encodeRecordRequest(out, requestOf(vector.input, parseCaptured(hex(vector.requestHex as string))))
    expect(toHex(out.take())).toBe(vector.requestHex)
    encoded++
  })

  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s answers as recorded', (_, vector) => {
    const frames = new FrameDecoder()
    frames.push(hex(vector.responseHex?.[0] as string))
    expect(frames.next()).toBe(true)
    const { key } = requestOf(vector.input, undefined)
    const code = replyResultCode(frames.body)
    const options = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: Date.now }
    const { bins } = decodeRecordReply(frames.body, key, options)
    if (code === RESULT_CODE.OK) {
      expect(officialView(bins[FUNCTION_BIN.success] ?? null)).toEqual(
        resultOf((vector.result ?? null) as never),
      )
    } else if (code === RESULT_CODE.UDF_BAD_RESPONSE)
      expect(bins[FUNCTION_BIN.failure]).toBe(member(vector.error, 'message'))
    decoded++
  })
})
