import { AelError } from '../errors.ts'
import { SYMBOLS, type Token, type TokenKind } from './token.ts'

/*
 * What a run of characters is depends on where it stands: `.5` is a number in an expression and a key behind a map. So the
 * parser asks for tokens one at a time, and says what it is reading.
 */

/** `expression`: numbers may begin or go on with a point. `path`: points separate; digits alone are a number. */
export type LexerMode = 'expression' | 'path'

const BLANK = /[ \t\r\n]*/y
const FLOAT = /\d*\.\d+/y
const INT = /0[xX][0-9a-fA-F]+|0[bB][01]+|\d+/y
const NAME = /\w+/y
const BLOB = /(?:[xX]|[bB]64)'[^']*'/y
const BIN_NAME = /[\w@]+/y
const PLACEHOLDER = /\?(\d+)/y
const WHOLE_INT = /^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)$/

/** Where the next token starts. */
export function skipBlank(text: string, position: number): number {
  BLANK.lastIndex = position
  BLANK.exec(text)
  return BLANK.lastIndex
}

/** Reads the token at `position` or behind the blanks there. Throws AelError for what begins no token. */
export function readToken(text: string, position: number, mode: LexerMode): Token {
  const start = skipBlank(text, position)
  if (start >= text.length) return { kind: 'end', text: '', start, end: start }
  const character = text.charAt(start)
  if (character === '"' || character === "'") return readString(text, start, character)
  if (mode === 'expression') {
    const float = match(FLOAT, text, start)
    if (float !== undefined) return token('float', text, start, start + float.length)
    const int = match(INT, text, start)
    if (int !== undefined) return token('int', text, start, start + int.length)
  }
  const blob = match(BLOB, text, start)
  if (blob !== undefined) return token('blob', text, start, start + blob.length)
  const name = match(NAME, text, start)
  if (name !== undefined) {
    const kind = mode === 'path' && WHOLE_INT.test(name) ? 'int' : 'name'
    return token(kind, text, start, start + name.length)
  }
  const placeholder = match(PLACEHOLDER, text, start)
  if (placeholder !== undefined) {
    return {
      kind: 'placeholder',
      text: placeholder.slice(1),
      start,
      end: start + placeholder.length,
    }
  }
  for (const symbol of SYMBOLS) {
    if (text.startsWith(symbol, start)) return token('symbol', text, start, start + symbol.length)
  }
  const codePoint = String.fromCodePoint(text.codePointAt(start) as number)
  throw new AelError({
    text,
    start,
    end: start + codePoint.length,
    reason: `could not parse '${codePoint}'`,
    hint: 'Quote names with other characters than letters, digits and _',
  })
}

/** Reads the name of a bin: it may hold `@`, or be quoted, and is not a number. */
export function readBinName(text: string, position: number): Token | undefined {
  const start = skipBlank(text, position)
  const character = text.charAt(start)
  if (character === '"' || character === "'") return readString(text, start, character)
  const name = match(BIN_NAME, text, start)
  return name === undefined || WHOLE_INT.test(name)
    ? undefined
    : token('name', text, start, start + name.length)
}

/** Whether a name can stand for a bin without quotes. */
export function isPlainBinName(name: string): boolean {
  return /^[\w@]+$/.test(name) && !WHOLE_INT.test(name)
}

/** Whether a name can stand for a key or value without quotes. */
export function isPlainName(name: string): boolean {
  return /^\w+$/.test(name) && !WHOLE_INT.test(name)
}

function match(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start
  return pattern.exec(text)?.[0]
}

function token(kind: TokenKind, text: string, start: number, end: number): Token {
  return { kind, text: text.slice(start, end), start, end }
}

function readString(text: string, start: number, quote: string): Token {
  const close = text.indexOf(quote, start + 1)
  if (close < 0) {
    throw new AelError({
      text,
      start,
      end: text.length,
      reason: 'could not parse a text that does not end',
      hint: `Close it with ${quote}; there are no escapes, but the other kind of quote may stand inside`,
    })
  }
  return { kind: 'string', text: text.slice(start + 1, close), start, end: close + 1 }
}
