import { CommandLineMistake, readWords } from '@aero/build/command-line'

export const USAGE = `usage: npm start [-- options]

  --seeds HOST:PORT[,…]  a real cluster to run on, instead of the embedded one
  --namespace NAME       namespace to write in (test)
  --help                 this text`

/** What the command line asks for. */
export type Arguments =
  | { readonly kind: 'run'; readonly seeds: string | undefined; readonly namespace: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly reason: string }

/** Reads the command line. A mistake is a result. */
export function parseArguments(words: readonly string[]): Arguments {
  try {
    const { values } = readWords(words, {
      seeds: { type: 'string' },
      namespace: { type: 'string', default: 'test' },
      help: { type: 'boolean', default: false },
    })
    if (values.help) return { kind: 'help' }
    return { kind: 'run', seeds: values.seeds, namespace: values.namespace }
  } catch (error) {
    if (!(error instanceof CommandLineMistake)) throw error
    return { kind: 'mistake', reason: error.message }
  }
}
