import { parseArgs } from 'node:util'

/** A misspelling may differ from the name it means by this share of its length, rounded up. */
const TOLERANCE = 0.34

/** Something on a command line that is not as it has to be; the message is one line. */
export class CommandLineMistake extends Error {}

/** Reads words by a table as that of `parseArgs` of node:util. */
export function readWords(words, options, { allowPositionals = false } = {}) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals, strict: true })
  } catch (error) {
    if (!String(error?.code).startsWith('ERR_PARSE_ARGS')) throw error
    const [line] = error.message.split('\n')
    const unknown = /^Unknown option '(--?[^']*)'/.exec(line)?.[1]
    if (unknown === undefined) throw new CommandLineMistake(line)
    const known = Object.keys(options).map((name) => `--${name}`)
    throw new CommandLineMistake(`there is no option '${unknown}'${hint(unknown, known)}`)
  }
}

/** `word` when it is one of `allowed`. */
export function oneOf(what, word, allowed) {
  if (allowed.includes(word)) return word
  const nearest = hint(word, allowed)
  throw new CommandLineMistake(
    nearest === ''
      ? `${what} is one of ${allowed.join(', ')}, not '${word}'`
      : `${what} '${word}' is unknown${nearest}`,
  )
}

/** The number that `text` is, from `least` to `most`. */
export function numberOf(what, text, { least = 0, most = Number.MAX_SAFE_INTEGER, isWhole = true } = {}) {
  const value = (isWhole ? /^\d+$/ : /^\d+(\.\d+)?$/).test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw new CommandLineMistake(`${what} takes a ${isWhole ? 'whole ' : ''}number ${range}, not '${text}'`)
}

/** What `read` gives. A mistake ends the process with code 2: it is told in one line, and the usage below. */
export function readOrExit(program, usage, read) {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof CommandLineMistake)) throw error
    process.stderr.write(`${program}: ${error.message}\n\n${usage.trimEnd()}\n`)
    process.exit(2)
  }
}

/** `; did you mean …?` where one of the names is near. */
function hint(word, names) {
  const wanted = word.replace(/^-+/, '').toLowerCase()
  let nearest
  let least = Math.ceil(wanted.length * TOLERANCE) + 1
  for (const name of names) {
    const distance = editDistance(wanted, name.replace(/^-+/, '').toLowerCase())
    if (distance >= least) continue
    nearest = name
    least = distance
  }
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

/** Insertions, deletions and replacements that turn one text into the other. Written out: the tools run before anything is installed or built. */
function editDistance(from, to) {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1))
    }
    previous = current
  }
  return previous[to.length]
}
