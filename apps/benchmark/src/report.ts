import Table from 'cli-table3'
import type { Round } from './compare.ts'
import type { ContestantName, RunResult } from './contestant.ts'
import { spread } from './median.ts'

/** No colours and no rules between rows: a report is pasted into notes as often as it is looked at. */
const PLAIN = { head: [], border: [], compact: true }

type Figure = (result: RunResult) => number

const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** Each contestant's medians over the rounds, with the extremes. */
export function printFigures(rounds: readonly Round[], contestants: readonly ContestantName[]): string {
  const table = new Table({
    head: ['', 'ops/s', '(min … max)', 'CPU µs/op', 'p50 µs', 'p99 µs', 'connections', 'RSS MB'],
    style: PLAIN,
  })
  for (const contestant of contestants) {
    const of = (figure: Figure) => spread(rounds.map((round) => figure(round.get(contestant) as RunResult)))
    const rate = of((result) => result.operationsPerSecond)
    table.push([
      contestant,
      whole(rate.median),
      `${whole(rate.min)} … ${whole(rate.max)}`,
      of((result) => result.cpuMicros).median.toFixed(2),
      of((result) => result.p50).median.toFixed(1),
      of((result) => result.p99).median.toFixed(1),
      whole(of((result) => result.connections).median),
      whole(of((result) => result.residentMegabytes).median),
    ])
  }
  return table.toString()
}

/** The ratios of pairs of contestants, each taken inside a round: median, min and max over the rounds. */
export function printRatios(rounds: readonly Round[], contestants: readonly ContestantName[]): string {
  const table = new Table({ head: ['ratio', 'ops/s', 'CPU per op', 'p50', 'p99'], style: PLAIN })
  const pairs: [ContestantName, ContestantName][] = [
    ['aero-direct', 'official'],
    ['aero-direct', 'floor'],
    ['aero-builder', 'aero-direct'],
    ['aero-builder', 'official'],
    ['aero-sync', 'aero-direct'],
    ['aero-sync', 'official'],
    ['floor', 'official'],
  ]
  for (const [a, b] of pairs) {
    if (!contestants.includes(a) || !contestants.includes(b)) continue
    const ratio = (figure: Figure): string => {
      const all = spread(
        rounds.map((round) => figure(round.get(a) as RunResult) / figure(round.get(b) as RunResult)),
      )
      return `${all.median.toFixed(2)}  (${all.min.toFixed(2)} … ${all.max.toFixed(2)})`
    }
    table.push([
      `${a} / ${b}`,
      ratio((result) => result.operationsPerSecond),
      ratio((result) => result.cpuMicros),
      ratio((result) => result.p50),
      ratio((result) => result.p99),
    ])
  }
  return table.toString()
}
