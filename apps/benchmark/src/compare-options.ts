import { CommandLineMistake, numberOf, oneOf, readWords } from '@aero/build/command-line'
import {
  CONTESTANTS,
  type ContestantName,
  isQuery,
  RECORDS,
  type RecordShape,
  WORKLOADS,
  type Workload,
} from './contestant.ts'

export const USAGE: string = `usage: npm run bench -- compare --seeds host:port [options]

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
  --help                    this text
`

/** What a comparison is told. */
export interface CompareOptions {
  readonly seeds: string
  readonly inFlight: readonly number[]
  readonly pairs: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly reads: number
  readonly record: RecordShape
  readonly workload: Workload
  readonly keys: number
  readonly contestants: readonly ContestantName[]
  readonly namespace: string
  readonly setName: string
  readonly connections: number
  readonly json: string | undefined
}

/** Reads the words behind `compare`; `'help'` when that is what they ask for. @throws CommandLineMistake */
export function readCompareOptions(words: readonly string[]): CompareOptions | 'help' {
  const { values } = readWords(words, {
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
  })
  if (values.help) return 'help'
  if (values.seeds === undefined) throw new CommandLineMistake('--seeds is missing: the servers to load')
  const record = oneOf('--record', values.record, RECORDS)
  const workload = oneOf('--workload', values.workload, WORKLOADS)
  const contestants = values.contestants.split(',').map((name) => oneOf('--contestants', name, CONTESTANTS))
  const inFlight = values['in-flight']
    .split(',')
    .map((text) => numberOf('--in-flight', text, { least: 1, most: 100_000 }))
  if (workload === 'index' && record !== 'integer')
    throw new CommandLineMistake('the index is one of integers: --workload index takes --record integer')
  if (contestants.includes('aero-sync') && inFlight.some((count) => count !== 1))
    throw new CommandLineMistake('a blocking client has one call at a time: aero-sync takes --in-flight 1')
  const keys = numberOf('--keys', values.keys, { least: 1 })
  return {
    seeds: values.seeds,
    inFlight,
    pairs: numberOf('--pairs', values.pairs, { least: 1 }),
    seconds: numberOf('--seconds', values.seconds, { isWhole: false }),
    warmUpSeconds: numberOf('--warm-up', values['warm-up'], { isWhole: false }),
    reads: numberOf('--reads', values.reads, { most: 1, isWhole: false }),
    record,
    workload,
    keys,
    contestants,
    namespace: values.namespace,
    // Records of another kind, left by another run, would be more to read than was asked for.
    setName: values.set ?? (isQuery(workload) ? `benchmark-${record}-${keys}` : `benchmark-${record}`),
    connections: numberOf('--connections', values.connections),
    json: values.json,
  }
}
