import { BracketReader } from './posix-bracket.ts'

/**
 * Flags of a pattern as they reach the C library of the server. Source: regex.h of glibc, and as/src/base/exp.c, which hands
 * them on as they come.
 */
export const PATTERN_FLAG = { extended: 1, ignoreCase: 2, newline: 4 } as const

/** A pattern that the server would not take. */
class BadPattern {}

const MAX_REPEATS = 0x7fff
const GROUPS = 9

/** What a backslash and a letter stand for, in both kinds of patterns. */
const ESCAPES: Readonly<Record<string, string>> = {
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: '[ \\t-\\r]',
  S: '[^ \\t-\\r]',
  b: '\\b',
  B: '\\B',
  '<': '\\b(?=[A-Za-z0-9_])',
  '>': '\\b(?<=[A-Za-z0-9_])',
  '`': '^',
  "'": '$',
}

/** Escapes that stand for a place, which cannot be repeated. */
const PLACES = new Set(['b', 'B', '<', '>', '`', "'"])

interface Token {
  readonly kind:
    | 'character'
    | 'any'
    | 'bracket'
    | 'open'
    | 'close'
    | 'alternative'
    | 'start'
    | 'end'
    | 'repeat'
    | 'interval'
    | 'reference'
    | 'escape'
  readonly text: string
}

/**
 * The regular expression that matches what a POSIX pattern does, byte for byte in the C locale; `undefined` when the pattern
 * is none. The subject is to be given one character a byte.
 */
export function posixPattern(pattern: string, flags: number): RegExp | undefined {
  try {
    return new RegExp(new Translation(pattern, flags).run())
  } catch (error) {
    // A SyntaxError: something that JavaScript does not take, such as a repetition of too much.
    if (error instanceof BadPattern || error instanceof SyntaxError) return undefined
    throw error
  }
}

class Translation {
  readonly #pattern: string
  readonly #extended: boolean
  readonly #ignoreCase: boolean
  readonly #newline: boolean
  #at = 0
  #opened = 0
  readonly #completed = new Set<number>()
  /** `^` is an anchor here also in a basic pattern. */
  #isStart = true

  constructor(pattern: string, flags: number) {
    this.#pattern = pattern
    this.#extended = (flags & PATTERN_FLAG.extended) !== 0
    this.#ignoreCase = (flags & PATTERN_FLAG.ignoreCase) !== 0
    this.#newline = (flags & PATTERN_FLAG.newline) !== 0
  }

  run(): string {
    return this.#alternatives(0)
  }

  #alternatives(depth: number): string {
    let out = ''
    for (;;) {
      this.#isStart = true
      out += this.#branch(depth)
      const token = this.#peek()
      if (token?.kind !== 'alternative') return out
      this.#take(token)
      out += '|'
    }
  }

  #branch(depth: number): string {
    let out = ''
    for (;;) {
      const token = this.#peek()
      if (token === undefined || token.kind === 'alternative') return out
      if (token.kind === 'close' && depth > 0) return out
      out += this.#piece(token, depth)
      this.#isStart = false
    }
  }

  /** One atom and what repeats it. */
  #piece(token: Token, depth: number): string {
    this.#take(token)
    switch (token.kind) {
      case 'start':
        return this.#newline ? '(?:^|(?<=\\n))' : '^'
      case 'end':
        return this.#newline ? '(?:$|(?=\\n))' : '$'
      case 'escape':
        if (PLACES.has(token.text)) return `(?:${ESCAPES[token.text]})`
        return this.#repeated(ESCAPES[token.text] as string)
      case 'repeat':
      case 'interval':
        // Nothing to repeat: an error, or, in a basic pattern, a plain character.
        if (this.#extended || token.kind === 'interval') throw new BadPattern()
        return this.#repeated(this.#character(token.text))
      case 'close':
        if (!this.#extended) throw new BadPattern()
        return this.#repeated('\\)')
      case 'open':
        return this.#repeated(this.#group(depth))
      case 'reference': {
        if (!this.#completed.has(Number(token.text))) throw new BadPattern()
        return this.#repeated(`(?:\\${token.text})`)
      }
      case 'bracket':
        return this.#repeated(this.#bracket())
      case 'any':
        return this.#repeated(this.#newline ? '[^\\n]' : '[^]')
      default:
        return this.#repeated(this.#character(token.text))
    }
  }

  #group(depth: number): string {
    const number = ++this.#opened
    const inner = this.#alternatives(depth + 1)
    const token = this.#peek()
    if (token?.kind !== 'close') throw new BadPattern()
    this.#take(token)
    if (number <= GROUPS) this.#completed.add(number)
    return `(${inner})`
  }

  #bracket(): string {
    const reader = new BracketReader(this.#pattern, this.#at, this.#ignoreCase, this.#newline)
    const set = reader.read()
    if (set === undefined) throw new BadPattern()
    this.#at = reader.position
    return set
  }

  #repeated(atom: string): string {
    let out = atom
    for (;;) {
      const token = this.#peek()
      if (token?.kind === 'repeat') {
        this.#take(token)
        out = `(?:${out})${token.text}`
      } else if (token?.kind === 'interval') {
        this.#take(token)
        out = `(?:${out})${this.#interval()}`
      } else return out
    }
  }

  #interval(): string {
    const end = this.#extended ? '}' : '\\}'
    const found = /^(\d*)(,?)(\d*)/.exec(this.#pattern.slice(this.#at)) as RegExpExecArray
    const [text, least = '', comma = '', most = ''] = found
    this.#at += text.length
    if (!this.#pattern.startsWith(end, this.#at)) throw new BadPattern()
    this.#at += end.length
    if (least === '' && comma === '') throw new BadPattern()
    const [low, high] = [Number(least), most === '' ? Number(least) : Number(most)]
    if (Math.max(low, high) > MAX_REPEATS || (most !== '' && low > high)) throw new BadPattern()
    return comma === '' ? `{${low}}` : `{${low},${most}}`
  }

  #character(character: string): string {
    if (this.#ignoreCase && /[A-Za-z]/.test(character))
      return `[${character.toLowerCase()}${character.toUpperCase()}]`
    return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character
  }

  #take(token: Token): void {
    this.#at += this.#lengthOf(token)
  }

  #lengthOf(token: Token): number {
    return this.#pattern[this.#at] === '\\' && token.kind !== 'bracket' ? 2 : 1
  }

  #peek(): Token | undefined {
    const character = this.#pattern[this.#at]
    if (character === undefined) return undefined
    if (character === '\\') return this.#peekEscaped(this.#pattern[this.#at + 1])
    switch (character) {
      case '.':
        return { kind: 'any', text: character }
      case '[':
        return { kind: 'bracket', text: character }
      case '*':
        return { kind: 'repeat', text: character }
      case '^':
        return { kind: this.#extended || this.#isStart ? 'start' : 'character', text: character }
      case '$':
        return { kind: this.#extended || this.#isLast() ? 'end' : 'character', text: character }
      default:
        return this.#extended ? operatorOrCharacter(character) : { kind: 'character', text: character }
    }
  }

  /** Whether a dollar in a basic pattern stands where its branch ends. */
  #isLast(): boolean {
    const rest = this.#pattern.slice(this.#at + 1)
    return rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|')
  }

  #peekEscaped(character: string | undefined): Token {
    if (character === undefined) throw new BadPattern()
    if (/[1-9]/.test(character)) return { kind: 'reference', text: character }
    if (character in ESCAPES) return { kind: 'escape', text: character }
    return this.#extended ? { kind: 'character', text: character } : operatorOrCharacter(character)
  }
}

/** What is an operator as it stands in an extended pattern, and behind a backslash in a basic one. */
function operatorOrCharacter(character: string): Token {
  switch (character) {
    case '(':
      return { kind: 'open', text: character }
    case ')':
      return { kind: 'close', text: character }
    case '|':
      return { kind: 'alternative', text: character }
    case '{':
      return { kind: 'interval', text: character }
    case '+':
    case '?':
      return { kind: 'repeat', text: character }
    default:
      return { kind: 'character', text: character }
  }
}
