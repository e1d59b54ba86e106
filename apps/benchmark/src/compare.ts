import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type ContestantName, isQuery, type RunRequest, type RunResult } from './contestant.ts'

/** The results of one round: every contestant once. */
export type Round = ReadonlyMap<ContestantName, RunResult>

/** A comparison: which contestants, how often, and what each run does. */
export interface Comparison {
  readonly contestants: readonly ContestantName[]
  readonly pairs: number
  readonly run: Omit<RunRequest, 'contestant' | 'fills'>
}

/** Runs the rounds, each contestant in a process of its own, the order turned by one each round. */
export async function compare(comparison: Comparison, say: (line: string) => void): Promise<Round[]> {
  const rounds: Round[] = []
  if (isQuery(comparison.run.workload)) {
    say(`writing ${comparison.run.keys.toLocaleString('en')} records`)
    await runInChild({
      ...comparison.run,
      contestant: 'aero-direct',
      fills: true,
      warmUpSeconds: 0,
      seconds: 0,
    })
  }
  for (let round = 0; round < comparison.pairs; round++) {
    const results = new Map<ContestantName, RunResult>()
    // The floor goes last: it is given as many connections as Aero has used in this round.
    const clients = comparison.contestants.filter((contestant) => contestant !== 'floor')
    const order = clients.map((_, index) => clients[(index + round) % clients.length] as ContestantName)
    if (comparison.contestants.includes('floor')) order.push('floor')
    for (const contestant of order) {
      const aero = results.get('aero-direct') ?? results.get('aero-builder')
      const connections = contestant === 'floor' ? (aero?.connections ?? 2) : comparison.run.connections
      const result = await runInChild({ ...comparison.run, contestant, connections, fills: false })
      results.set(contestant, result)
      say(
        `round ${round + 1}/${comparison.pairs}  ${contestant.padEnd(13)} ${Math.round(result.operationsPerSecond).toLocaleString('en')} ops/s`,
      )
    }
    rounds.push(results)
  }
  return rounds
}

function runInChild(request: RunRequest): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('run-one.js', import.meta.url)), JSON.stringify(request)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => {
      const line = output.trim().split('\n').at(-1) ?? ''
      if (code === 0 && line.startsWith('{')) resolve(JSON.parse(line) as RunResult)
      else reject(new Error(`${request.contestant} ended with code ${code}: ${output.slice(-2000)}`))
    })
  })
}
