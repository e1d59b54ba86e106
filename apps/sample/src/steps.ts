/** What a step has to show when it went well. */
export interface StepOutcome {
  /** The node or nodes it happened on. */
  readonly where: string
  readonly what: string
}

/** One thing that the sample shows. */
export interface Step {
  readonly title: string
  readonly run: () => Promise<StepOutcome>
  /** Why the step cannot be taken here. */
  readonly skip?: string
}

/** How the steps went. */
export interface Tally {
  readonly passed: number
  readonly failed: number
}

const COLUMNS = { number: 3, title: 32, where: 16 } as const

/** Takes the steps one after the other and prints a line for each. One that fails does not keep the next from its turn. */
export async function takeSteps(steps: readonly Step[], print: (line: string) => void): Promise<Tally> {
  let passed = 0
  let failed = 0
  print(row('#', 'step', 'where', 'what happened'))
  print(row('─'.repeat(2), '─'.repeat(COLUMNS.title - 2), '─'.repeat(COLUMNS.where - 2), '─'.repeat(40)))
  for (const [index, step] of steps.entries()) {
    if (step.skip !== undefined) {
      print(row(index + 1, step.title, '-', `skipped: ${step.skip}`))
      continue
    }
    const started = performance.now()
    try {
      const { where, what } = await step.run()
      passed++
      print(row(index + 1, step.title, where, `${what} (${(performance.now() - started).toFixed(1)} ms)`))
    } catch (error) {
      failed++
      print(
        row(index + 1, step.title, '-', `FAILED: ${error instanceof Error ? error.message : String(error)}`),
      )
    }
  }
  return { passed, failed }
}

/** The last line of the sample's output. */
export function closingLine({ passed, failed }: Tally): string {
  return `sample: ${passed} steps passed, ${failed} failed`
}

/** Fails the step unless what the sample claims is so. */
export function claim(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise)
}

function row(number: number | string, title: string, where: string, what: string): string {
  const { number: first, title: second, where: third } = COLUMNS
  return `${String(number).padStart(2).padEnd(first)} ${title.padEnd(second)} ${where.padEnd(third)} ${what}`
}
