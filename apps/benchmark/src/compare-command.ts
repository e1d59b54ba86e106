import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compare } from './compare.ts'
import {
  CONTESTANTS,
  type ContestantName,
  isQuery,
  RECORDS,
  type RecordShape,
  WORKLOADS,
  type Workload,
} from './contestant.ts'
import { installOfficialClient } from './official-client.ts'
import { printFigures, printRatios } from './report.ts'
import { SteadyClock } from './steady-clock.ts'

const USAGE = `usage: pnpm bench compare --seeds host:port [options]

  --seeds host:port,…       servers to load; a real server in a process of its own
  --in-flight 64[,256,…]    operations under way at once; several are compared one after another
  --pairs 5                 rounds; each contestant runs once in each, in turning order
  --seconds 2               measured time of a run, after --warm-up 1
  --reads 0.5               share of reads
  --record integer          ${RECORDS.join(' | ')}
  --workload single         ${WORKLOADS.join(' | ')}; an operation of batch100 is one batch of 100 reads;
                            of scan and index (20 000 of them) every record is one
  --keys 10000              records
  --contestants a,b         of ${CONTESTANTS.join(', ')};
                            aero-sync only when named, with --in-flight 1
  --namespace test          --set benchmark-…, one for each kind of record; of scan and index for each number of them
  --connections 0           at most so many connections per node; 0 leaves it to the client
  --json FILE               all figures of all rounds
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    'in-flight': { type: 'string', default: '64' },
    pairs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '1' },
    reads: { type: 'string', default: '0.5' },
    record: { type: 'string', default: 'integer' },
    workload: { type: 'string', default: 'single' },
    keys: { type: 'string', default: '10000' },
    contestants: { type: 'string', default: CONTESTANTS.filter((name) => name !== 'aero-sync').join(',') },
    namespace: { type: 'string', default: 'test' },
    set: { type: 'string' },
    connections: { type: 'string', default: '0' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || positionals[0] !== 'compare' || values.seeds === undefined) {
  process.stderr.write(USAGE)
  process.exit(values.help ? 0 : 2)
}

if (values.workload === 'index' && values.record !== 'integer') {
  process.stderr.write('the index is one of integers: --workload index takes --record integer\n')
  process.exit(2)
}
const contestants = values.contestants.split(',').map((name) => one(name, CONTESTANTS)) as ContestantName[]
if (contestants.includes('aero-sync') && values['in-flight'] !== '1') {
  process.stderr.write('a blocking client has one call at a time: aero-sync takes --in-flight 1\n')
  process.exit(2)
}
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
if (contestants.includes('official')) installOfficialClient(say)

const steady = new SteadyClock()
process.stdout.write(
  `node ${process.version}; processors held awake: ${steady.held ? 'yes' : 'no (needs root on Linux; expect noise)'}\n`,
)
const all: object[] = []
for (const inFlight of values['in-flight'].split(',').map(Number)) {
  say(`\n${inFlight} in flight`)
  const rounds = await compare(
    {
      contestants,
      pairs: Number(values.pairs),
      run: {
        seeds: values.seeds,
        namespace: values.namespace,
        // Records of another kind, left by another run, would be more to read than was asked for.
        setName: values.set ?? setNameOf(values.workload, values.record, values.keys),
        record: one(values.record, RECORDS) as RecordShape,
        workload: one(values.workload, WORKLOADS) as Workload,
        reads: Number(values.reads),
        inFlight,
        keys: Number(values.keys),
        warmUpSeconds: Number(values['warm-up']),
        seconds: Number(values.seconds),
        connections: Number(values.connections),
      },
    },
    say,
  )
  process.stdout.write(
    `\n${inFlight} in flight, ${values.workload}, record ${values.record}, ${values.workload === 'single' ? Number(values.reads) * 100 : 100} % reads, medians of ${rounds.length} rounds\n`,
  )
  process.stdout.write(`${printFigures(rounds, contestants)}\n${printRatios(rounds, contestants)}\n`)
  all.push({ inFlight, rounds: rounds.map((round) => [...round.values()]) })
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`)
steady.release()

function setNameOf(workload: string, record: string, keys: string): string {
  return isQuery(workload as Workload) ? `benchmark-${record}-${keys}` : `benchmark-${record}`
}

function one(name: string, allowed: readonly string[]): string {
  if (allowed.includes(name)) return name
  process.stderr.write(`'${name}' is not one of ${allowed.join(', ')}\n`)
  process.exit(2)
}
