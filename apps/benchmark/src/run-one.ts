import { build, type Histogram } from 'hdr-histogram-js'
import {
  batchNumbers,
  type Contestant,
  INDEXED,
  isQuery,
  type RunRequest,
  type RunResult,
} from './contestant.ts'
import { aeroSync } from './contestants/aero-sync.ts'
import { Floor } from './contestants/floor.ts'

/*
 * The child process of a comparison: one contestant, one run, one JSON line on standard output.
 */

async function run(request: RunRequest): Promise<RunResult> {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000_000,
    numberOfSignificantValueDigits: 3,
  })
  if (request.contestant === 'floor') return runFloor(request, histogram)
  return request.contestant === 'aero-sync' ? runBlocking(request, histogram) : runClient(request, histogram)
}

/** The blocking client: one call at a time, in a loop that looks at the clock. */
function runBlocking(request: RunRequest, histogram: Histogram): RunResult {
  const contestant = aeroSync(request)
  for (let key = 0; !isQuery(request.workload) && key < request.keys; key++) contestant.write(key)
  const during = (seconds: number, operated: (count: number, startedAt: number) => void): void => {
    const until = performance.now() + seconds * 1000
    for (let turn = 0; performance.now() < until; turn++) {
      const key = (turn * 7919) % request.keys
      const startedAt = performance.now()
      let count = 1
      if (isQuery(request.workload)) {
        count = contestant.readAll(request.workload)
        checkCount(request, count)
      } else if (request.workload === 'batch100') contestant.readMany(batchNumbers(key, request.keys))
      else if (turn % 100 < request.reads * 100) contestant.read(key)
      else contestant.write(key)
      operated(count, startedAt)
    }
  }
  during(request.warmUpSeconds, () => undefined)
  let operations = 0
  const meter = new Meter()
  during(request.seconds, (count, startedAt) => {
    operations += count
    histogram.recordValue(nanosecondsSince(startedAt))
  })
  const result = meter.result(request, operations, histogram, contestant.connections())
  contestant.close()
  return result
}

/** @throws when a scan or query gave more or fewer records than there are */
function checkCount(request: RunRequest, count: number): void {
  const wanted = request.workload === 'index' ? INDEXED : request.keys
  if (count === wanted) return
  throw new Error(
    `${count} records instead of ${wanted}: the set holds what other runs wrote, choose another --set`,
  )
}

async function runFloor(request: RunRequest, histogram: Histogram): Promise<RunResult> {
  let measuring = false
  let operations = 0
  const perAnswer = request.workload === 'scan' ? request.keys : request.workload === 'index' ? INDEXED : 1
  const floor = await Floor.open(request, (startedAt) => {
    if (!measuring) return
    operations += perAnswer
    histogram.recordValue(nanosecondsSince(startedAt))
  })
  floor.start()
  await pause(request.warmUpSeconds)
  const meter = new Meter()
  measuring = true
  await pause(request.seconds)
  measuring = false
  const result = meter.result(request, operations, histogram, floor.connections)
  floor.stop()
  return result
}

async function runClient(request: RunRequest, histogram: Histogram): Promise<RunResult> {
  const contestant = await open(request)
  if (request.fills) await contestant.fill?.()
  // The many records of a query are written once for all runs.
  for (let key = 0; !isQuery(request.workload) && key < request.keys; key += 64) {
    await Promise.all(
      Array.from({ length: Math.min(64, request.keys - key) }, (_, index) => contestant.write(key + index)),
    )
  }
  let state: 'warming' | 'measuring' | 'done' = 'warming'
  let operations = 0
  const lane = async (lane: number): Promise<void> => {
    for (let turn = lane * 7919; state !== 'done'; turn++) {
      const key = (turn * 7919) % request.keys
      const startedAt = performance.now()
      let count = 1
      if (isQuery(request.workload)) {
        count = await contestant.readAll(request.workload)
        checkCount(request, count)
      } else if (request.workload === 'batch100') await contestant.readMany(batchNumbers(key, request.keys))
      else await (turn % 100 < request.reads * 100 ? contestant.read(key) : contestant.write(key))
      if (state !== 'measuring') continue
      operations += count
      histogram.recordValue(nanosecondsSince(startedAt))
    }
  }
  const lanes = Array.from({ length: request.inFlight }, (_, index) => lane(index))
  await pause(request.warmUpSeconds)
  const meter = new Meter()
  state = 'measuring'
  await pause(request.seconds)
  const result = meter.result(request, operations, histogram, contestant.connections())
  state = 'done'
  await Promise.all(lanes)
  await contestant.close()
  return result
}

async function open(request: RunRequest): Promise<Contestant> {
  if (request.contestant === 'official') return (await import('./contestants/official.ts')).official(request)
  const { aero } = await import('./contestants/aero.ts')
  return aero(request, request.contestant === 'aero-builder' ? 'builder' : 'direct')
}

/** What histograms hold: with whole microseconds, two clients that differ by a tenth of a round trip would look alike. */
function nanosecondsSince(startedAt: number): number {
  return Math.max(1, Math.round((performance.now() - startedAt) * 1_000_000))
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

/** Wall clock and processor time between its making and its result. */
class Meter {
  readonly #startedAt = performance.now()
  readonly #cpu = process.cpuUsage()

  result(request: RunRequest, operations: number, histogram: Histogram, connections: number): RunResult {
    const { user, system } = process.cpuUsage(this.#cpu)
    const seconds = (performance.now() - this.#startedAt) / 1000
    return {
      contestant: request.contestant,
      operations,
      operationsPerSecond: operations / seconds,
      cpuMicros: (user + system) / Math.max(1, operations),
      p50: histogram.getValueAtPercentile(50) / 1000,
      p99: histogram.getValueAtPercentile(99) / 1000,
      connections,
      residentMegabytes: process.memoryUsage.rss() / 1e6,
    }
  }
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as RunRequest))}\n`)
process.exit(0)
