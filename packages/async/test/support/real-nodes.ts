import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const call = promisify(execFile)

/** What a program that controls the nodes of a real cluster is called with, before the number of a node. */
export type NodeOrder = 'stop' | 'kill' | 'start' | 'pause' | 'resume'

/** The changes that are ordered, each with what undoes it. */
export const UNDONE_BY = { stop: 'start', kill: 'start', pause: 'resume' } as const
export type Change = keyof typeof UNDONE_BY

/** The nodes of a real cluster, numbered from 1, by means of a program that knows how to stop and start them. */
export class RealNodes {
  readonly #program: string
  readonly count: number

  /** @param program called as `program pause 2`; it ends when that is done */
  constructor(program: string, count: number) {
    this.#program = program
    this.count = count
  }

  /** @throws Error when the program fails, with what it said. */
  async order(what: NodeOrder, node: number): Promise<void> {
    await call(this.#program, [what, String(node)])
  }
}

/** @throws Error for a word that is none of the changes. */
export function parseChanges(text: string): Change[] {
  return text.split(',').map((word) => {
    if (!Object.hasOwn(UNDONE_BY, word))
      throw new Error(`--changes takes ${Object.keys(UNDONE_BY).join(', ')}, not '${word}'`)
    return word as Change
  })
}
