import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandLineMistake, numberOf, oneOf, readOrExit, readWords } from '@aero/build/command-line'
import { Behavior, ClusterDefinition, DataSet, type RecordStream, type Session } from '@aero/sdk'
import { ResidentMemory } from './resident-memory.ts'
import { Tally } from './tally.ts'

/*
 * Scans of very many records, checked record by record: whether each is given exactly once, how much memory that takes when the
 * consumer sleeps, whether a cursor that another process saved completes the set, and what happens when a node goes and comes back
 * in the middle. Each scan runs in a process of its own. Ends with code 1 when one of them is not as it should be.
 */

const USAGE = `usage: npm run bench -- many-records --seeds host:port,… [options]

  --records 1000000         written first, unless they are there
  --namespace test          --set many-records-…, one for each number of them
  --sleep 20                milliseconds that the slow consumer sleeps for every 1000 records
  --most-megabytes 200      that a scan may take
  --stop COMMAND            run in a shell in the middle of a scan: stops a node
  --start COMMAND           starts it again, and ends when the cluster is whole
  --steps a,b               of plain, slow, resume, node; all by default
  --help                    this text
`

const STEPS = ['plain', 'slow', 'resume', 'node'] as const
type Step = (typeof STEPS)[number]

const { values, records, sleepMs, most, steps } = readOrExit('bench many-records', USAGE, () =>
  read(process.argv.slice(3)),
)
const dataSet = DataSet.of(values.namespace, values.set ?? `many-records-${records}`)
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

if (values.scan !== undefined) await scan(values.scan as Step | 'resume-second', values.folder ?? '.')
else await all()

function read(words: readonly string[]) {
  const { values } = readWords(words, {
    seeds: { type: 'string' },
    records: { type: 'string', default: '1000000' },
    namespace: { type: 'string', default: 'test' },
    set: { type: 'string' },
    sleep: { type: 'string', default: '20' },
    'most-megabytes': { type: 'string', default: '200' },
    stop: { type: 'string' },
    start: { type: 'string' },
    steps: { type: 'string', default: STEPS.join(',') },
    // Of the processes that this one starts.
    scan: { type: 'string' },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  if (values.seeds === undefined) throw new CommandLineMistake('--seeds is missing: the servers to scan')
  return {
    values,
    records: numberOf('--records', values.records, { least: 1 }),
    sleepMs: numberOf('--sleep', values.sleep),
    most: numberOf('--most-megabytes', values['most-megabytes'], { least: 1 }),
    steps: values.steps.split(',').map((step) => oneOf('--steps', step, STEPS)),
  }
}

/** Writes what is missing, then one process after another. */
async function all(): Promise<void> {
  await fill()
  const folder = mkdtempSync(join(tmpdir(), 'many-records-'))
  let failures = 0
  try {
    for (const step of steps) {
      if (step === 'node' && (values.stop === undefined || values.start === undefined)) {
        say('node      left out: no --stop and --start')
        continue
      }
      const parts = step === 'resume' ? ['resume', 'resume-second'] : [step]
      for (const part of parts) if (!(await inChild(part, folder))) failures++
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  say(failures === 0 ? 'all as it should be' : `${failures} not as they should be`)
  process.exitCode = failures === 0 ? 0 : 1
}

async function fill(): Promise<void> {
  await using cluster = await new ClusterDefinition({ hosts: values.seeds as string }).connect()
  const session = cluster.createSession(Behavior.DEFAULT)
  const found = await (await session.query(dataSet).withNoBins().execute()).count()
  if (found === records) return
  say(`writing ${records.toLocaleString('en')} records; ${found.toLocaleString('en')} are there`)
  const EACH = 500
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < records) {
      const first = next
      next += EACH
      const batch = session.batch()
      for (let number = first; number < Math.min(first + EACH, records); number++)
        batch.upsert(dataSet.id(number)).put({ number, text: `record number ${number}` })
      for await (const row of await batch.execute()) row.orThrow()
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane))
}

function inChild(part: string, folder: string): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [process.argv[1] as string, ...process.argv.slice(2), '--scan', part, '--folder', folder],
    { stdio: 'inherit' },
  )
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code === 0))
  })
}

/** One scan, in this process. */
async function scan(step: Step | 'resume-second', folder: string): Promise<void> {
  await using cluster = await new ClusterDefinition({ hosts: values.seeds as string }).connect()
  const session = cluster.createSession(Behavior.DEFAULT)
  const startedAt = performance.now()
  let tally = new Tally(records)
  let note = ''
  const memory = new ResidentMemory()
  switch (step) {
    case 'plain':
      await walk(await session.query(dataSet).execute(), tally, memory)
      break
    case 'slow':
      await walk(await session.query(dataSet).execute(), tally, memory, () => pause(sleepMs))
      note = `, asleep for ${sleepMs} ms every 1000`
      break
    case 'resume':
      await half(session, tally, folder)
      note = ', then saved its cursor and left'
      break
    case 'resume-second':
      tally = new Tally(records, new Uint8Array(readFileSync(join(folder, 'seen'))))
      await walk(
        await session
          .query(dataSet)
          .resume(readFileSync(join(folder, 'cursor.json'), 'utf8'))
          .execute(),
        tally,
        memory,
      )
      note = ', from the cursor of another process'
      break
    case 'node':
      note = await withoutNode(session, tally, memory)
      break
    default:
  }
  memory.look()
  const seconds = (performance.now() - startedAt) / 1000
  const isRight =
    (step === 'resume' ? tally.repeated + tally.unknown === 0 : tally.isExact) && memory.most < most
  say(
    `${step.padEnd(13)} ${isRight ? 'ok  ' : 'FAIL'} ${String(tally)}; ${seconds.toFixed(1)} s, ${memory.most.toFixed(0)} MB resident${note}`,
  )
  process.exitCode = isRight ? 0 : 1
}

/** Takes all records; `rest` is awaited behind every 1000 of them. */
async function walk(
  stream: RecordStream,
  tally: Tally,
  memory: ResidentMemory,
  rest?: () => Promise<void> | undefined,
): Promise<void> {
  for await (const rows of stream.chunks(1000)) {
    for (const row of rows) tally.note(row.orThrow().record?.bins['number'])
    memory.look()
    await rest?.()
  }
}

/** Takes half of the records and saves where it stands. */
async function half(session: Session, tally: Tally, folder: string): Promise<void> {
  const stream = await session.query(dataSet).execute()
  for await (const row of stream) {
    tally.note(row.orThrow().record?.bins['number'])
    if (tally.found >= records / 2) break
  }
  writeFileSync(join(folder, 'cursor.json'), JSON.stringify(stream.cursor()))
  writeFileSync(join(folder, 'seen'), tally.bytes)
}

/** Takes all records, slowly, while a node is stopped when a quarter has come, and started again when a half has. */
async function withoutNode(session: Session, tally: Tally, memory: ResidentMemory): Promise<string> {
  let stopped: Promise<void> | undefined
  let started: Promise<void> | undefined
  await walk(await session.query(dataSet).execute(), tally, memory, async () => {
    if (stopped === undefined && tally.found >= records / 4) stopped = shell(values.stop as string)
    if (started === undefined && tally.found >= records / 2) {
      await stopped
      started = shell(values.start as string)
    }
    await pause(sleepMs)
  })
  await started
  return ', one node was stopped and started again'
}

function shell(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`'${command}' ended with code ${code}`)),
    )
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
