import type { Job } from '../store/job-table.ts'
import type { InfoContext } from './info-context.ts'

/** `query-show`: all jobs, the latest first. */
export function showJobs(context: InfoContext): string {
  return context.jobs
    .list()
    .map((job) => printJob(job, context.now))
    .join(';')
}

/** `query-show:id=…` or `query-show:trid=…`: one job. */
export function showJob(context: InfoContext, parameters: ReadonlyMap<string, string>): string {
  const job = findJob(context, parameters)
  return job === undefined ? 'ERROR:2:job not found' : printJob(job, context.now)
}

/** `query-abort:id=…` or `query-abort:trid=…`: ends a job that is running. */
export function abortJob(context: InfoContext, parameters: ReadonlyMap<string, string>): string {
  const job = findJob(context, parameters)
  if (job === undefined || job.finishedAt !== undefined) return 'ERROR:2:id not active'
  job.isAborted = true
  return 'ok'
}

/** `query-abort-all`. */
export function abortAllJobs(context: InfoContext): string {
  return `number-of-queries-killed:${context.jobs.abortAll()}`
}

function findJob(context: InfoContext, parameters: ReadonlyMap<string, string>): Job | undefined {
  const id = parameters.get('id') ?? parameters.get('trid') ?? ''
  return /^\d{1,20}$/.test(id) ? context.jobs.find(BigInt(id)) : undefined
}

function printJob(job: Job, now: number): string {
  const isDone = job.finishedAt !== undefined
  const end = job.finishedAt ?? now
  const result = job.isAborted ? 'user-aborted' : job.isAbandoned ? 'abandoned-response-timeout' : 'ok'
  return [
    `trid=${job.id}:ns=${job.namespace}`,
    ...(job.set === '' ? [] : [`set=${job.set}`]),
    ...(job.indexName === '' ? [] : [`sindex-name=${job.indexName}`]),
    `rps=${job.recordsPerSecond}:active-threads=${isDone ? 0 : 1}:status=${isDone ? 'done' : 'active'}(${result})`,
    `job-progress=${(job.progress * 100).toFixed(2)}:run-time=${end - job.startedAt}:time-since-done=${now - end}`,
    `recs-throttled=${job.throttled}:recs-filtered-meta=0:recs-filtered-bins=${job.filtered}`,
    `recs-succeeded=${job.succeeded}:recs-failed=${job.failed}:job-type=${job.type}${job.details}`,
  ].join(':')
}
