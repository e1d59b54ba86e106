import type { VectorInput } from '@aero/testkit'
import { BATCH_FLAG, type BatchRequest, type DecodedBatchRow } from '../../src/command/batch.ts'
import type { BatchAction } from '../../src/command/batch-row.ts'
import { INFO2 } from '../../src/message/info-bits.ts'
import type { Key } from '../../src/value/key.ts'
import type { CapturedMessage } from './captured-message.ts'
import { member, type Notation } from './notation.ts'
import { keyOf, requestOf } from './official-calls.ts'

const BATCH_TYPES = ['read', 'write', 'apply', 'remove'] as const
const FILTER_FIELD = 43
const DEFAULT_TIMEOUT_MS = 1000

interface Row {
  readonly key: Key
  readonly action: BatchAction
  /** Rows with the same text are sent as repetitions by the official client. */
  readonly shared: string | undefined
}

/**
 * A batch call of the official client, as recorded, as a request of ours. As with single records, the bytes of collection
 * and expression operations and of filters are taken from what was sent, nothing else.
 */
export function batchRequestOf(
  input: VectorInput,
  captured: CapturedMessage,
  sent: readonly DecodedBatchRow[],
): BatchRequest {
  const args = (input.args ?? []) as Notation[]
  const hasArgument = input.call === 'batchSelect' || input.call === 'batchApply'
  const policy = (hasArgument ? args[2] : args[1]) ?? null
  const rows = (args[0] as Notation[]).map((record, at) => rowOf(input.call, record, args, policy, sent[at]))
  const known = new Map<string, BatchAction>()
  const actions = rows.map(({ action, shared }) => {
    if (shared === undefined) return action
    const first = known.get(shared) ?? action
    known.set(shared, first)
    return first
  })
  return {
    keys: rows.map(({ key }) => key),
    actions,
    rows: rows.map((_, index) => index),
    count: rows.length,
    flags:
      (member(policy, 'allowInline') === false ? 0 : BATCH_FLAG.inline) |
      (member(policy, 'allowInlineSSD') === true ? BATCH_FLAG.inlineSsd : 0) |
      (member(policy, 'respondAllKeys') === false ? 0 : BATCH_FLAG.respondAllKeys) |
      BATCH_FLAG.always,
    timeoutMs: (member(policy, 'totalTimeout') as number | undefined) ?? DEFAULT_TIMEOUT_MS,
    filter: captured.fields.find(({ type }) => type === FILTER_FIELD)?.payload,
  }
}

function rowOf(
  call: string,
  record: Notation,
  args: readonly Notation[],
  batchPolicy: Notation,
  sent: DecodedBatchRow | undefined,
): Row {
  const isRecord = call === 'batchRead' || call === 'batchWrite'
  const keyNotation = isRecord ? (member(record, 'key') as Notation) : record
  const key = keyOf(keyNotation)
  const ofRow = isRecord ? member(record, 'policy') : undefined
  // Everything but reading is told by the row's policy alone, and what was sent of it is looked at only for ready-made bytes.
  const read = (name: string, ...rest: Notation[]): BatchAction =>
    actionOf(name, [keyNotation, ...rest, { ...(batchPolicy as object), ...(ofRow as object) }], sent, 0)
  const plain = ofRow === undefined && member(record, 'ops') === undefined
  switch (call) {
    case 'batchGet':
      return { key, action: read('get'), shared: 'all' }
    case 'batchExists':
      return { key, action: read('exists'), shared: 'all' }
    case 'batchSelect':
      return { key, action: read('select', args[1] as Notation), shared: 'all' }
    case 'batchRemove':
      return {
        key,
        action: actionOf('remove', [record, args[2] ?? null], sent, INFO2.respondAllOps),
        shared: 'all',
      }
    case 'batchApply':
      return {
        key,
        action: actionOf('apply', [record, args[1] as Notation, args[3] ?? null], undefined, 0),
        shared: 'all',
      }
  }
  const type =
    call === 'batchRead' ? 'read' : BATCH_TYPES[(member(record, 'type') as number | undefined) ?? 0]
  const ops = member(record, 'ops') as Notation[] | undefined
  const bins = member(record, 'bins') as Notation[] | undefined
  if (type === 'apply') {
    const udf = member(record, 'udf') as Notation
    return { key, action: actionOf('apply', [keyNotation, udf, ofRow ?? null], sent, 0), shared: undefined }
  }
  if (type === 'remove') {
    return {
      key,
      action: actionOf('remove', [keyNotation, ofRow ?? null], sent, INFO2.respondAllOps),
      shared: plain ? type : undefined,
    }
  }
  if (type === 'write') {
    const meta = { gen: member(ofRow, 'generation') ?? 0, ttl: member(ofRow, 'ttl') ?? 0 }
    const write = [keyNotation, ops as Notation, meta, ofRow ?? null]
    return { key, action: actionOf('operate', write, sent, INFO2.respondAllOps), shared: undefined }
  }
  if (ops !== undefined) {
    const action = read('operate', ops, null)
    // An operate of its own would ask for a slot per operation.
    return { key, action: { ...action, info2: 0 }, shared: undefined }
  }
  if (member(record, 'readAllBins') === true)
    return { key, action: read('get'), shared: plain ? 'get' : undefined }
  if (bins !== undefined && bins.length > 0) return { key, action: read('select', bins), shared: undefined }
  return { key, action: read('exists'), shared: plain ? 'exists' : undefined }
}

function actionOf(
  call: string,
  args: readonly Notation[],
  sent: DecodedBatchRow | undefined,
  info2: number,
): BatchAction {
  const captured = sent as unknown as CapturedMessage | undefined
  const {
    key: _key,
    timeoutMs: _timeout,
    ...action
  } = requestOf({ call, args: [...args] } as VectorInput, captured)
  return { ...action, info2: action.info2 | info2 }
}
