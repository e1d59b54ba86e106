import type { ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

/** Something on a command line that is not as it has to be; the message is one line. */
export declare class CommandLineMistake extends Error {}

/** Reads words by a table as that of `parseArgs` of node:util. @throws CommandLineMistake, with the nearest name for an unknown option */
export declare const readWords: <const O extends Options, const P extends boolean = false>(
  words: readonly string[],
  options: O,
  settings?: { readonly allowPositionals?: P },
) => ReturnType<typeof parseArgs<{ options: O; allowPositionals: P; strict: true }>>

/** `word` when it is one of `allowed`. @throws CommandLineMistake, with the nearest or all of them */
export declare const oneOf: <const T extends string>(what: string, word: string, allowed: readonly T[]) => T

/** The number that `text` is, from `least` (0) to `most`; whole unless said otherwise. @throws CommandLineMistake */
export declare const numberOf: (
  what: string,
  text: string,
  range?: { readonly least?: number; readonly most?: number; readonly isWhole?: boolean },
) => number

/** What `read` gives. A mistake ends the process with code 2: it is told in one line, and the usage below. */
export declare const readOrExit: <T>(program: string, usage: string, read: () => T) => T
