import { hex, loadVectors, toHex, type Vector } from '@aero/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { AggregationReply, isLastAggregationFrame } from '../src/command/aggregation-reply.ts'
import { isLastQueryFrame, QueryReply } from '../src/command/query-reply.ts'
import { encodeQueryRequest } from '../src/command/query-request.ts'
import { FrameDecoder } from '../src/frame/frame-decoder.ts'
import { FRAME_TYPE } from '../src/frame/frame-type.ts'
import { BinNames } from '../src/message/bin-names.ts'
import { FIELD_TYPE } from '../src/message/field-type.ts'
import { SERVER_EPOCH_SECONDS } from '../src/message/record.ts'
import { readParticle } from '../src/value/particle.ts'
import { partitionIdOf } from '../src/value/partition-id.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'
import { type CapturedMessage, parseCaptured } from './vectors/captured-message.ts'
import { member, type Notation, officialView, resultOf } from './vectors/notation.ts'
import { queryRequestOf, repeatedRequestOf } from './vectors/official-query.ts'
import { QUERY_EXCEPTIONS } from './vectors/query-exceptions.ts'

const NOW = 1000 * SERVER_EPOCH_SECONDS
const OPTIONS = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => NOW }
const vectors = ['scan', 'query', 'background'].flatMap((group) => loadVectors(group))
const counts: { [what: string]: number } = {}
function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1
}
afterAll(() => {
  console.log(
    `vectors scan, query, background: ${Object.entries(counts)
      .map(([what, times]) => `${what} ${times}`)
      .join(', ')}`,
  )
})

const nameOf = (vector: Vector): string => `${vector.group}/${vector.name}`
const captured = (vector: Vector): CapturedMessage => parseCaptured(hex(vector.requestHex as string))

/** A message without a digest that is no batch: what the server takes for a scan, a query or a job. */
function isQuery(vector: Vector): boolean {
  if (typeof vector.requestHex !== 'string' || hex(vector.requestHex)[1] !== FRAME_TYPE.message) return false
  return !captured(vector).fields.some(({ type }) => type === FIELD_TYPE.digest)
}

const calls = vectors.filter(({ input }) => input.call === 'scan' || input.call === 'query')
const queries = calls.filter(isQuery)

describe.skipIf(vectors.length === 0)('vectors: scan, query, background (needs AERO_VECTORS)', () => {
  it('have a request each, except those in the table', () => {
    const silent = calls.filter((vector) => !queries.includes(vector)).map(nameOf)
    const listed = Object.keys(QUERY_EXCEPTIONS).filter((name) => QUERY_EXCEPTIONS[name]?.what === 'no query')
    expect(silent.toSorted()).toEqual(listed.toSorted())
    for (const name of Object.keys(QUERY_EXCEPTIONS)) expect(calls.map(nameOf)).toContain(name)
    expect(queries.length).toBeGreaterThan(100)
  })

  it.each(queries.map((vector) => [nameOf(vector), vector] as const))(
    '%s encodes as captured',
    (name, vector) => {
      if (QUERY_EXCEPTIONS[name] !== undefined) {
        count(`requests excepted (${QUERY_EXCEPTIONS[name].what})`)
        return
      }
      const request = queryRequestOf(vector.input, captured(vector))
      const out = new ByteWriter(64)
      encodeQueryRequest(out, request)
      expect(toHex(out.take())).toBe(vector.requestHex)
      count('requests encoded')
      for (const { requestHex } of vector.more ?? []) {
        encodeQueryRequest(out, repeatedRequestOf(request, parseCaptured(hex(requestHex))))
        expect(toHex(out.take())).toBe(requestHex)
        count('pages and repetitions encoded')
      }
    },
  )

  const answered = queries.filter(
    (vector) => (vector.responseHex?.length ?? 0) > 0 && vector.responseTruncated === undefined,
  )
  it.each(answered.map((vector) => [nameOf(vector), vector] as const))(
    '%s: the answer decodes',
    (_, vector) => {
      if (vector.name.startsWith('agg_')) checkAggregation(vector)
      else checkAnswer(vector)
    },
  )
})

interface Walk {
  readonly digests: string[]
  readonly records: Map<string, ReturnType<QueryReply['record']>>
  end: number | undefined
}

function walk(frames: readonly string[]): Walk {
  const decoder = new FrameDecoder()
  const reply = new QueryReply()
  const walked: Walk = { digests: [], records: new Map(), end: undefined }
  frames.forEach((text, at) => {
    decoder.push(hex(text))
    expect(decoder.next()).toBe(true)
    expect(isLastQueryFrame(decoder.body)).toBe(at === frames.length - 1)
    for (reply.begin(decoder.body); reply.next(); ) {
      if (reply.isEnd) {
        walked.end = reply.resultCode
        continue
      }
      const { partition, hasValue } = reply
      // Reading and passing over must end at the same place.
      const record = reply.record('test', OPTIONS)
      const { position } = decoder.body
      reply.skip()
      expect(decoder.body.position).toBe(position)
      expect(partition).toBe(partitionIdOf(record.key.digest))
      if (hasValue) count('index values decoded')
      walked.digests.push(record.key.digestHex)
      walked.records.set(record.key.digestHex, record)
      count('records decoded')
    }
  })
  return walked
}

function checkAnswer(vector: Vector): void {
  const { digests, records, end } = walk(vector.responseHex as string[])
  expect(end).toBe(vector.resultCode)
  expect(new Set(digests).size).toBe(digests.length)
  count('answers walked')
  const isPaged = vector.name.includes('pages')
  const results = isPaged || !Array.isArray(vector.result) ? undefined : (vector.result as Notation[])
  if (results === undefined) return
  expect(records.size).toBe(results.length)
  for (const result of results) {
    const expected = member(result, '$record') as { [part: string]: Notation }
    const key = expected['key'] as { digest: string; set: string; key: Notation }
    const record = records.get(key.digest)
    expect(record?.key.setName).toBe(key.set)
    expect(record?.key.value).toEqual(key.key === null ? undefined : resultOf(key.key))
    expect(record?.generation).toBe(expected['gen'])
    if (!vector.name.includes('deserialize'))
      expect(officialView((record?.bins ?? null) as never)).toEqual(resultOf(expected['bins'] as Notation))
    count('records compared')
  }
}

/** What the servers gave; the official client has reduced it to the recorded result, in Lua. */
function checkAggregation(vector: Vector): void {
  const decoder = new FrameDecoder()
  const reply = new AggregationReply()
  const frames = vector.responseHex as string[]
  const values: unknown[] = []
  let failure: string | undefined
  let end: number | undefined
  frames.forEach((text, at) => {
    decoder.push(hex(text))
    expect(decoder.next()).toBe(true)
    // After a failure the official client reads no further.
    expect(isLastAggregationFrame(decoder.body)).toBe(at === frames.length - 1 && vector.error === undefined)
    for (reply.begin(decoder.body); reply.next(); ) {
      if (reply.isEnd) end = reply.resultCode
      else if (reply.isFailure) failure = reply.failure()
      else {
        const { position } = decoder.body
        const value = reply.value(OPTIONS)
        const after = decoder.body.position
        decoder.body.position = position
        const { type, bytes } = reply.particle()
        expect(decoder.body.position).toBe(after)
        expect(readParticle(ByteReader.over(bytes), type, bytes.length, OPTIONS)).toEqual(value)
        values.push(value)
        count('partial results decoded')
      }
    }
  })
  count('aggregations walked')
  if (vector.error !== undefined) {
    expect(failure).toBe(member(vector.error, 'message') as string)
    return
  }
  expect(end).toBe(0)
  const result = resultOf((vector.result ?? null) as Notation)
  if (typeof result === 'number')
    expect(values.reduce((sum: number, value) => sum + (value as number), 0)).toBe(result)
  else if (result === null) expect(values).toEqual([])
  else if (vector.name === 'agg_group') {
    const sums: { [key: string]: number } = {}
    for (const value of values as { [key: string]: number }[])
      for (const [key, n] of Object.entries(value)) sums[key] = (sums[key] ?? 0) + n
    expect(sums).toEqual(result)
  } else {
    const bins = (vector.result as Notation[]).map((each) =>
      resultOf(member(member(each, '$record') as Notation, 'bins') as Notation),
    )
    // Which partition is done first is not fixed.
    expect(new Set(values.map((value) => JSON.stringify(value)))).toEqual(
      new Set(bins.map((each) => JSON.stringify(each))),
    )
  }
}
