/** Members of the classes in the C locale, as JavaScript writes them in brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t-\\r',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

type Member =
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'class'; readonly text: string }
  | { readonly kind: 'equal'; readonly text: string }

/** A bracket expression of a POSIX pattern. A backslash is a character like every other there. */
export class BracketReader {
  readonly #pattern: string
  readonly #ignoreCase: boolean
  readonly #newline: boolean
  /** Behind what has been read. */
  position: number

  constructor(pattern: string, position: number, ignoreCase: boolean, newline: boolean) {
    this.#pattern = pattern
    this.position = position
    this.#ignoreCase = ignoreCase
    this.#newline = newline
  }

  /** The set as JavaScript writes it; `undefined` when it is none. The position is behind the opening bracket. */
  read(): string | undefined {
    const isNegated = this.#takeIf('^')
    let members = ''
    for (let isFirst = true; isFirst || !this.#takeIf(']'); isFirst = false) {
      const member = this.#member(isFirst)
      if (member === undefined) return undefined
      const written = member.kind === 'character' ? this.#range(member.text) : this.#plain(member)
      if (written === undefined) return undefined
      members += written
    }
    if (!isNegated) return `[${members}]`
    // Told of lines, a set that says what it does not want does not want their ends either.
    return `[^${members}${this.#newline ? '\\n' : ''}]`
  }

  #takeIf(character: string): boolean {
    if (this.#pattern[this.position] !== character) return false
    this.position++
    return true
  }

  #member(acceptsHyphen: boolean): Member | undefined {
    const character = this.#pattern[this.position]
    if (character === undefined) return undefined
    const after = this.#pattern[this.position + 1]
    if (character === '[' && (after === ':' || after === '.' || after === '=')) return this.#named(after)
    this.position++
    if (character === '-' && !acceptsHyphen && this.#pattern[this.position] !== ']') return undefined
    return { kind: 'character', text: character }
  }

  /** `[:class:]`, `[=character=]`, `[.character.]` */
  #named(mark: string): Member | undefined {
    const end = this.#pattern.indexOf(`${mark}]`, this.position + 2)
    if (end < 0) return undefined
    const text = this.#pattern.slice(this.position + 2, end)
    this.position = end + 2
    if (mark === ':') return text in CLASSES ? { kind: 'class', text } : undefined
    if (text.length !== 1) return undefined
    return { kind: mark === '=' ? 'equal' : 'character', text }
  }

  #plain(member: Member): string {
    if (member.kind !== 'class') return this.#written(member.text, member.text)
    const isCased = member.text === 'upper' || member.text === 'lower'
    return this.#ignoreCase && isCased ? 'A-Za-z' : (CLASSES[member.text] as string)
  }

  /** A character, or the range that it begins. */
  #range(first: string): string | undefined {
    const isRange = this.#pattern[this.position] === '-' && this.#pattern[this.position + 1] !== ']'
    if (!isRange || this.position + 1 >= this.#pattern.length) return this.#written(first, first)
    this.position++
    const last = this.#member(true)
    if (last === undefined || last.kind !== 'character' || last.text < first) return undefined
    return this.#written(first, last.text)
  }

  #written(first: string, last: string): string {
    const [low, high] = [first.charCodeAt(0), last.charCodeAt(0)]
    if (!this.#ignoreCase) return `${hex(low)}-${hex(high)}`
    let out = `${hex(low)}-${hex(high)}`
    for (let code = low; code <= high; code++) {
      const character = String.fromCharCode(code)
      if (/[A-Za-z]/.test(character)) out += character.toLowerCase() + character.toUpperCase()
    }
    return out
  }
}

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`
}
