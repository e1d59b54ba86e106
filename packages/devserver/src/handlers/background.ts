import { ByteWriter, FIELD_TYPE, INFO1, INFO2, INFO3, OPERATION_TYPE, PARTITION_COUNT } from '@aero/codec'
import { isExpressionModify } from '../evaluate/expression-operation.ts'
import type { Filter } from '../evaluate/filter.ts'
import { NOT_YET } from '../not-yet.ts'
import { REPLY_LAST, writeResult } from '../reply.ts'
import type { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import type { JobTable } from '../store/job-table.ts'
import type { Namespace } from '../store/namespace.ts'
import { type IndexUse, readIndexUse, selectRecords } from './index-query.ts'
import { newJob } from './query-request.ts'
import { filterOf, subjectOf } from './record-checks.ts'
import type { RecordCommand } from './record-command.ts'
import { writeRecord } from './write.ts'
import { isReading } from './write-policy.ts'

/** What a background job answers for each record; nobody reads it. */
const discarded = new ByteWriter(256)

/**
 * A write without a digest is a job over a whole set, or over the whole namespace. The server answers at once and works on;
 * here it has worked when the answer goes out. Source: as/src/query/query.c, ops_bg_query_job_start.
 */
export function runBackgroundWrite(
  jobs: JobTable,
  command: RecordCommand,
  namespace: Namespace,
  out: ByteWriter,
): number {
  const { request } = command
  const use = request.hasField(FIELD_TYPE.indexRange) ? readIndexUse(request, namespace) : undefined
  const filter = filterOf(request)
  const resultCode = checkJob(request, namespace, use, filter)
  if (resultCode !== RESULT.ok || typeof use === 'number' || typeof filter === 'number')
    return writeResult(out, resultCode)
  const now = command.clock.now()
  const job = newJob(request, namespace, now, 'background-ops')
  if (job.id !== 0n && !jobs.add(job)) return writeResult(out, RESULT.parameter)
  job.finishedAt = now
  job.progress = 1
  writeResult(out, RESULT.ok, 0, 0, REPLY_LAST)
  // For each record the job is an update that has only the operations of its message.
  request.info2 = INFO2.write | (request.info2 & INFO2.durableDelete)
  request.info3 = INFO3.updateOnly | (request.info3 & INFO3.replaceOnly)
  command.isBackground = true
  command.aim(namespace, 0, '')
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    const all = { partition, afterDigest: undefined, afterValue: 0n }
    for (const { digest, record } of selectRecords(command, use, all)) {
      if (filter?.passes(subjectOf(record, command.clock)) === false) continue
      command.aim(namespace, partition, digest)
      if (writeRecord(command, discarded) === RESULT.ok) job.succeeded++
      discarded.position = 0
    }
  }
  command.isBackground = false
  return RESULT.ok
}

function checkJob(
  request: Request,
  namespace: Namespace,
  use: IndexUse | number | undefined,
  filter: Filter | number | undefined,
): number {
  if ((request.info1 & INFO1.shortQuery) !== 0) return RESULT.parameter
  if (request.hasField(FIELD_TYPE.udfPackage)) return NOT_YET.backgroundJob
  if (typeof use === 'number' && use !== RESULT.indexNotFound) return use
  if (request.fieldLength(FIELD_TYPE.set) > 0 && !namespace.knowsSet(request.copyField(FIELD_TYPE.set))) {
    return RESULT.notFound
  }
  if (typeof use === 'number') return use
  if (typeof filter === 'number') return filter
  if ((request.info1 & INFO1.read) !== 0 || request.operationCount === 0) return RESULT.parameter
  for (let index = 0; index < request.operationCount; index++) {
    if (isReading(request.operationType[index] as number)) return RESULT.parameter
  }
  for (let index = 0; index < request.operationCount; index++) {
    const isExpression = request.operationType[index] === OPERATION_TYPE.expressionModify
    if (isExpression && !isExpressionModify(request.copyValue(index))) return RESULT.parameter
  }
  return RESULT.ok
}
