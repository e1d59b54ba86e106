import { randomBytes } from 'node:crypto'
import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { startDevServer } from '../src/index.ts'
import { type Case, randomCase, requestsOf, showCase, smallerCases } from './differential/random-case.ts'
import { Pipeline } from './differential/server-pair.ts'

/** A real server, `host:port`; see tooling/ci/differential.mjs. */
const SEED = process.env['AERO_DIFFERENTIAL_SEEDS']
const CASES = Number(process.env['AERO_DIFFERENTIAL_CASES'] ?? 10_000)
const BATCH = 200
/** Differences to be looked into before it stops. */
const MOST_TOLD = 10

interface Difference {
  readonly of: Case
  readonly at: number
  readonly ours: string
  readonly theirs: string
}

/** The dev server and the real one, side by side. */
class Pair {
  readonly #ours: Pipeline
  readonly #theirs: Pipeline

  constructor(ours: Pipeline, theirs: Pipeline) {
    this.#ours = ours
    this.#theirs = theirs
  }

  /** Where the servers answer otherwise than each other; each case is about a record of its own. */
  async differences(cases: readonly Case[]): Promise<Difference[]> {
    const requests = cases.map((one) => requestsOf(one, randomBytes(20)))
    const [ours, theirs] = await Promise.all([
      this.#ours.ask(requests.flat()),
      this.#theirs.ask(requests.flat()),
    ])
    const found: Difference[] = []
    let start = 0
    for (const [index, of] of cases.entries()) {
      const { length } = requests[index] as Uint8Array[]
      for (let at = 0; at < length; at++) {
        const [mine, real] = [ours[start + at] as Buffer, theirs[start + at] as Buffer]
        if (mine.equals(real)) continue
        found.push({ of, at, ours: mine.toString('hex'), theirs: real.toString('hex') })
        break
      }
      start += length
    }
    return found
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
    const candidates = [...smallerCases(of)]
    for (let start = 0; start < candidates.length; start += BATCH) {
      const [first] = await this.differences(candidates.slice(start, start + BATCH))
      if (first !== undefined) return first
    }
    return undefined
  }
}

function tell({ of, at, ours, theirs }: Difference): string {
  return `request ${at}:\n${showCase(of)}\n  ours   ${ours}\n  theirs ${theirs}`
}

/** The sequences are random; the seed is told when one differs. */
describe.skipIf(SEED === undefined)('random operations, beside a real server', () => {
  it(`agree in ${CASES} sequences`, { timeout: 0 }, async () => {
    const random = seededRandom()
    await using server = await startDevServer({ namespaces: ['test'], replicationFactor: 1 })
    const [host, port] = (SEED as string).split(':') as [string, string]
    const ours = await Pipeline.open('127.0.0.1', server.node(0).port)
    const theirs = await Pipeline.open(host, Number(port))
    const pair = new Pair(ours, theirs)
    const told: string[] = []
    let commands = 0
    try {
      for (let done = 0; done < CASES; done += BATCH) {
        const cases = Array.from({ length: Math.min(BATCH, CASES - done) }, () => randomCase(random))
        for (const { commands: each } of cases) commands += each.length
        for (const difference of (await pair.differences(cases)).slice(0, MOST_TOLD - told.length))
          told.push(tell(await pair.minimised(difference)))
        if (told.length >= MOST_TOLD) break
      }
    } finally {
      ours.close()
      theirs.close()
    }
    expect(told, `AERO_SEED=${random.seed}`).toEqual([])
    console.log(`${CASES} sequences of ${commands} commands agree; AERO_SEED=${random.seed}`)
  })
})
