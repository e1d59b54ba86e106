import { type DevServer, startDevServer } from '@aero/devserver'
import { parseArguments, USAGE } from './arguments.ts'
import { closingLine, takeSteps } from './steps.ts'
import { type Place, Tour } from './tour.ts'

/** Runs the sample: prints what happens and gives the exit code. */
export async function runSample(words: readonly string[], print: (line: string) => void): Promise<number> {
  const parsed = parseArguments(words)
  switch (parsed.kind) {
    case 'help':
      print(USAGE)
      return 0
    case 'mistake':
      print(parsed.reason)
      print(USAGE)
      return 2
    case 'run': {
      const { seeds, namespace } = parsed
      if (seeds !== undefined) {
        print(`Aero sample: a guest book on the cluster at ${seeds}\n`)
        return await tour({ ...REAL, seed: seeds, namespace }, print)
      }
      await using server = await startDevServer({ nodes: 3, namespaces: [namespace] })
      print(`Aero sample: a guest book on an embedded cluster of three nodes, ${server.seeds}\n`)
      return await tour({ ...embedded(server), namespace }, print)
    }
  }
}

async function tour(place: Omit<Place, 'setName'>, print: (line: string) => void): Promise<number> {
  await using guided = new Tour({ ...place, setName: `guests-${process.pid}` })
  const tally = await takeSteps(guided.steps(), print)
  print('')
  print(closingLine(tally))
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1
}

const REAL = { killNode: undefined, restartNode: undefined }

function embedded(server: DevServer): Omit<Place, 'namespace' | 'setName'> {
  const node = (name: string) => {
    const found = server.nodes.find((candidate) => candidate.name === name)
    if (found === undefined) throw new RangeError(`the cluster has no node ${name}`)
    return found
  }
  return {
    seed: node('A1').address,
    killNode: (name) => node(name).kill(),
    restartNode: (name) => node(name).restart(),
  }
}
