/** What is wrong with an expression, and where. */
export interface AelProblem {
  /** The whole expression. */
  readonly text: string
  /** Offset of the first character that is wrong, from 0. */
  readonly start: number
  /** Offset behind the last one; `start` where something is missing. */
  readonly end: number
  /** What is wrong, as a phrase. */
  readonly reason: string
  /** A suggestion, as a sentence of its own. */
  readonly hint?: string
}

/**
 * An expression that cannot be read or makes no sense. The message points at the place.
 *
 * @example
 * ```ts
 * import { AelError } from '@aero/ael'
 *
 * const error = new AelError({ text: '$.age >> 21', start: 6, end: 8, reason: 'no such operator' })
 * console.log(error.picture)
 * // $.age >> 21
 * //       ^^
 * console.log(error.line, error.column) // 1 7
 * ```
 */
export class AelError extends Error implements AelProblem {
  override readonly name: string = 'AelError'
  readonly text: string
  readonly start: number
  readonly end: number
  readonly reason: string
  /** A suggestion, or the empty string. */
  readonly hint: string
  /** The line that holds the place, from 1. */
  readonly line: number
  /** The place in that line, in UTF-16 units, from 1. */
  readonly column: number
  /** The line that holds the place, and carets under it. */
  readonly picture: string

  constructor(problem: AelProblem) {
    const hint = problem.hint ?? ''
    const before = problem.text.slice(0, problem.start)
    const line = before.split('\n').length
    const column = before.length - before.lastIndexOf('\n')
    const picture = draw(problem.text, problem.start, problem.end)
    super(`${problem.reason} (line ${line}:${column})${hint === '' ? '' : `. ${hint}`}\n${picture}`)
    this.text = problem.text
    this.start = problem.start
    this.end = problem.end
    this.reason = problem.reason
    this.hint = hint
    this.line = line
    this.column = column
    this.picture = picture
  }
}

function draw(text: string, start: number, end: number): string {
  const lineStart = text.slice(0, start).lastIndexOf('\n') + 1
  const lineEnd = text.indexOf('\n', start)
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd)
  const column = start - lineStart
  // Tabs stay tabs, so that the carets stand under the place at any tab width.
  const indent = line.slice(0, column).replace(/[^\t]/g, ' ').padEnd(column)
  return `${line}\n${indent}${'^'.repeat(Math.max(1, Math.min(end, lineStart + line.length) - start))}`
}
