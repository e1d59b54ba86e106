import { ByteWriter, FIELD_TYPE, INFO1, INFO2, INFO3, PARTITION_COUNT } from '@aero/codec'
import { NOT_YET } from '../not-yet.ts'
import { REPLY_LAST, writeResult } from '../reply.ts'
import type { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import type { JobTable } from '../store/job-table.ts'
import type { Namespace } from '../store/namespace.ts'
import type { StoredRecord } from '../store/stored-record.ts'
import { newJob } from './query-request.ts'
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
  const resultCode = checkJob(request, namespace)
  if (resultCode !== RESULT.ok) return writeResult(out, resultCode)
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
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    for (const [digest, record] of namespace.recordsOf(partition)) {
      if (!isInSet(request, record)) continue
      command.aim(namespace, partition, digest)
      if (writeRecord(command, discarded) === RESULT.ok) job.succeeded++
      discarded.position = 0
    }
  }
  command.isBackground = false
  return RESULT.ok
}

function checkJob(request: Request, namespace: Namespace): number {
  if ((request.info1 & INFO1.shortQuery) !== 0) return RESULT.parameter
  for (const field of [
    FIELD_TYPE.filter,
    FIELD_TYPE.indexRange,
    FIELD_TYPE.indexName,
    FIELD_TYPE.udfPackage,
  ]) {
    if (request.hasField(field)) return NOT_YET.backgroundJob
  }
  if (request.fieldLength(FIELD_TYPE.set) > 0 && !namespace.knowsSet(request.copyField(FIELD_TYPE.set))) {
    return RESULT.notFound
  }
  if ((request.info1 & INFO1.read) !== 0 || request.operationCount === 0) return RESULT.parameter
  for (let index = 0; index < request.operationCount; index++) {
    if (isReading(request.operationType[index] as number)) return RESULT.parameter
  }
  return RESULT.ok
}

function isInSet(request: Request, record: StoredRecord): boolean {
  return request.fieldLength(FIELD_TYPE.set) === 0 || request.fieldEquals(FIELD_TYPE.set, record.setName)
}
