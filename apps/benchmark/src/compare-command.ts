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
const { contestants, pairs, record, workload, reads, warmUpSeconds } = options

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
if (contestants.includes('official')) installOfficialClient(say)

const areAwake = keepProcessorsAwake()
process.stdout.write(
  `node ${process.version}; processors held awake: ${areAwake ? 'yes' : 'no (needs root on Linux; expect noise)'}\n`,
)
const all: object[] = []
for (const inFlight of options.inFlight) {
  say(`\n${inFlight} in flight`)
  const { seeds, namespace, setName, keys, seconds, connections } = options
  const rounds = await compare(
    {
      contestants,
      pairs,
      run: {
        seeds,
        namespace,
        setName,
        record,
        workload,
        reads,
        inFlight,
        keys,
        warmUpSeconds,
        seconds,
        connections,
      },
    },
    say,
  )
  process.stdout.write(
    `\n${inFlight} in flight, ${workload}, record ${record}, ${workload === 'single' ? reads * 100 : 100} % reads, medians of ${rounds.length} rounds\n`,
  )
  process.stdout.write(`${printFigures(rounds, contestants)}\n${printRatios(rounds, contestants)}\n`)
  all.push({ inFlight, rounds: rounds.map((round) => [...round.values()]) })
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`)
