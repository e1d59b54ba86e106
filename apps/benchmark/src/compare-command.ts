import { writeFileSync } from 'node:fs'
import { readOrExit } from '@aero/build/command-line'
import { keepProcessorsAwake } from '@aero/build/measure'
import { compare } from './compare.ts'
import { readCompareOptions, USAGE } from './compare-options.ts'
import { installOfficialClient } from './official-client.ts'
import { printFigures, printRatios } from './report.ts'

const options = readOrExit('bench compare', USAGE, () => readCompareOptions(process.argv.slice(3)))
if (options === 'help') {
  process.stdout.write(USAGE)
  process.exit(0)
}
const { contestants, pairs, inFlight: counts, json, ...run } = options

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
if (contestants.includes('official')) installOfficialClient(say)

const areAwake = keepProcessorsAwake()
process.stdout.write(
  `node ${process.version}; processors held awake: ${areAwake ? 'yes' : 'no (needs root on Linux; expect noise)'}\n`,
)
const all: object[] = []
for (const inFlight of counts) {
  say(`\n${inFlight} in flight`)
  const rounds = await compare({ contestants, pairs, run: { ...run, inFlight } }, say)
  process.stdout.write(
    `\n${inFlight} in flight, ${run.workload}, record ${run.record}, ${run.workload === 'single' ? run.reads * 100 : 100} % reads, medians of ${rounds.length} rounds\n`,
  )
  process.stdout.write(`${printFigures(rounds, contestants)}\n${printRatios(rounds, contestants)}\n`)
  all.push({ inFlight, rounds: rounds.map((round) => [...round.values()]) })
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`)
