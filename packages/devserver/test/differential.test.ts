import { randomBytes } from 'node:crypto'
import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { startDevServer } from '../src/index.ts'
import { type Case, randomCase, requestsOf, showCase, smallerCases } from './differential/random-case.ts'
import { Pipeline } from './differential/server-pair.ts'

/** A real server, `host:port`; see tooling/ci/differential.mjs. */
const SEED = process.env['AERO_DIFFERENTIAL_SEEDS']
const CASES = Number(process.env['AERO_DIFFERENTIAL_CASES'] ?? 10_000)
/** Differences to be looked into before it stops. */
const MOST_TOLD = 10
const TOLD_EVERY_MS = 10_000

interface Difference {
  readonly of: Case
  readonly at: number
  readonly ours: string
  readonly theirs: string
}

/** The same but for the sign of what is not a number: JavaScript does not keep it. */
function areAlike(ours: Buffer, theirs: Buffer): boolean {
  if (ours.equals(theirs)) return true
  const unsigned = (answer: Buffer): string =>
    answer.toString('hex').replaceAll('fff8000000000000', '7ff8000000000000')
  return unsigned(ours) === unsigned(theirs)
}

/** The dev server and the real one, side by side. */
class Pair {
  readonly #ours: Pipeline
  readonly #theirs: Pipeline

  constructor(ours: Pipeline, theirs: Pipeline) {
    this.#ours = ours
    this.#theirs = theirs
  }

  /** Where the servers answer otherwise than each other, if they do; each case is about a record of its own. */
  async difference(of: Case): Promise<Difference | undefined> {
    const requests = requestsOf(of, randomBytes(20))
    const [ours, theirs] = await Promise.all([this.#ours.ask(requests), this.#theirs.ask(requests)]).catch(
      (cause: unknown) => {
        throw new Error(`${(cause as Error).message}, most likely because of this:\n${showCase(of)}`, {
          cause,
        })
      },
    )
    const at = ours.findIndex((mine, index) => !areAlike(mine, theirs[index] as Buffer))
    if (at < 0) return undefined
    return {
      of,
      at,
      ours: (ours[at] as Buffer).toString('hex'),
      theirs: (theirs[at] as Buffer).toString('hex'),
    }
  }

  /** The smallest case that still differs, as far as steps that only take away lead. */
  async minimised(difference: Difference): Promise<Difference> {
    let smallest = difference
    for (;;) {
      const next = await this.#firstSmaller(smallest)
      if (next === undefined) return smallest
      smallest = next
    }
  }

  async #firstSmaller({ of }: Difference): Promise<Difference | undefined> {
    for (const candidate of smallerCases(of)) {
      const difference = await this.difference(candidate)
      if (difference !== undefined) return difference
    }
    return undefined
  }
}

function tell({ of, at, ours, theirs }: Difference): string {
  return `request ${at}:\n${showCase(of)}\n  ours   ${ours}\n  theirs ${theirs}`
}

/** Says how far it has come, now and then. */
function progress(): (done: number, differences: number) => void {
  const start = performance.now()
  let last = start
  return (done, differences) => {
    const now = performance.now()
    if (now - last < TOLD_EVERY_MS) return
    last = now
    const rate = Math.round((1000 * done) / (now - start))
    process.stdout.write(`${done} of ${CASES} sequences, ${rate}/s, ${differences} differ\n`)
  }
}

/** The sequences are random; the seed is told when one differs. */
describe('random operations, beside a real server', () => {
  it(`agree in ${CASES} sequences`, { timeout: 0 }, async ({ skip }) => {
    if (SEED === undefined)
      return skip('needs a real server: pnpm test:differential --seeds host:port --cases N')
    const random = seededRandom()
    await using server = await startDevServer({ namespaces: ['test'], replicationFactor: 1 })
    const [host, port] = SEED.split(':') as [string, string]
    const ours = await Pipeline.open('the dev server', '127.0.0.1', server.node(0).port)
    const theirs = await Pipeline.open('the real server', host, Number(port))
    const pair = new Pair(ours, theirs)
    const told: string[] = []
    const say = progress()
    process.stdout.write(`${CASES} sequences, AERO_SEED=${random.seed}\n`)
    let commands = 0
    let passing = 0
    try {
      for (let done = 0; done < CASES && told.length < MOST_TOLD; done++) {
        const next = randomCase(random)
        commands += next.commands.length
        const difference = await pair.difference(next)
        if (difference !== undefined && (await pair.difference(next)) === undefined) {
          process.stdout.write(`not again when repeated: ${tell(difference)}\n`)
          passing++
        } else if (difference !== undefined) {
          const smallest = tell(await pair.minimised(difference))
          process.stdout.write(`${smallest}\n`)
          told.push(smallest)
        }
        say(done, told.length)
      }
    } catch (cause) {
      throw new Error(`AERO_SEED=${random.seed}: ${(cause as Error).message}`, { cause })
    } finally {
      ours.close()
      theirs.close()
    }
    expect(told, `AERO_SEED=${random.seed}`).toEqual([])
    process.stdout.write(
      `${CASES} sequences of ${commands} commands agree, ${passing} sequences at the second time; AERO_SEED=${random.seed}\n`,
    )
  })
})
