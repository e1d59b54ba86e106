/** A piece of the text. Offsets count UTF-16 units from 0; `end` is the one behind it. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** What a token is. Keywords are names: which of them mean something depends on the place. */
export type TokenKind = 'int' | 'float' | 'string' | 'blob' | 'name' | 'placeholder' | 'symbol' | 'end'

export interface Token extends Span {
  readonly kind: TokenKind
  /** A symbol, name or blob as it stands; the content of a string; the digits of a number or placeholder. */
  readonly text: string
}

/** Symbols, longest first: of two that begin alike the first one wins. */
export const SYMBOLS: readonly string[] = [
  '>>>',
  '>>',
  '<<',
  '**',
  '==',
  '!=',
  '>=',
  '<=',
  '=>',
  '$.',
  '${',
  '()',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '~',
  '!',
  '=',
  ':',
  ',',
  '.',
  '#',
  '?',
  '$',
  '@',
]
