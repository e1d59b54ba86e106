import { CommandLineMistake as Mistake, numberOf, readWords } from '@aero/build/command-line'
import type { DevServerOptions } from './dev-server.ts'

export const USAGE = `usage: aero-devserver [options]

  --nodes N               nodes of the cluster, 1 to 64 (1)
  --port P                port of the first node; the others take the following ones (free ports)
  --host H                where to listen (127.0.0.1)
  --access-host H         host that clients are told, when they reach the server by another one
  --access-port P         port of the first node that clients are told, likewise
  --namespaces A,B        names of the namespaces (test,bar)
  --replication-factor R  copies of each record (2)
  --cluster-name NAME     name that clients may check
  --default-ttl SECONDS   how long records live when a write does not say; 0 = for ever (0)
  --help                  this text

A server for development and tests: it keeps everything in memory and forgets it when it stops.`

/** What the command line asks for. */
export type ParsedArguments =
  | { readonly kind: 'run'; readonly options: DevServerOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly reason: string }

const MAX_NODES = 64
const MAX_PORT = 65_535
const MAX_TTL_SECONDS = 315_360_000
const MAX_NAMESPACE_BYTES = 31

/** Reads the command line. Never throws: a mistake is a result. */
export function parseArguments(words: readonly string[]): ParsedArguments {
  try {
    return parse(words)
  } catch (error) {
    if (error instanceof Mistake) return { kind: 'mistake', reason: error.message }
    throw error
  }
}

function parse(words: readonly string[]): ParsedArguments {
  const { values } = readWords(words, {
    nodes: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    'access-host': { type: 'string' },
    'access-port': { type: 'string' },
    namespaces: { type: 'string', default: 'test,bar' },
    'replication-factor': { type: 'string', default: '2' },
    'cluster-name': { type: 'string' },
    'default-ttl': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  })
  if (values.help) return { kind: 'help' }
  const nodes = numberOf('--nodes', values.nodes, { least: 1, most: MAX_NODES })
  const port = parsePort('--port', values.port, nodes)
  const accessPort =
    values['access-port'] === undefined ? undefined : parsePort('--access-port', values['access-port'], nodes)
  const accessHost = values['access-host']
  const clusterName = values['cluster-name']
  return {
    kind: 'run',
    options: {
      nodes,
      port,
      host: values.host,
      namespaces: parseNamespaces(values.namespaces),
      replicationFactor: numberOf('--replication-factor', values['replication-factor'], {
        least: 1,
        most: MAX_NODES,
      }),
      defaultTtl: numberOf('--default-ttl', values['default-ttl'], { least: 0, most: MAX_TTL_SECONDS }),
      ...(accessHost === undefined ? {} : { accessHost }),
      ...(accessPort === undefined
        ? {}
        : { accessPorts: Array.from({ length: nodes }, (_, index) => accessPort + index) }),
      ...(clusterName === undefined ? {} : { clusterName }),
    },
  }
}

function parsePort(option: string, text: string, nodes: number): number {
  const port = numberOf(option, text, { least: 0, most: MAX_PORT })
  if (port + nodes - 1 > MAX_PORT) throw new Mistake(`${option} ${port} leaves no room for ${nodes} nodes`)
  return port
}

function parseNamespaces(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    const bytes = Buffer.byteLength(name)
    if (bytes === 0 || bytes > MAX_NAMESPACE_BYTES || /[;:,\s]/.test(name)) {
      throw new Mistake(
        `--namespaces takes names of 1 to ${MAX_NAMESPACE_BYTES} bytes with commas between, not '${text}'`,
      )
    }
  }
  if (new Set(names).size < names.length) throw new Mistake(`--namespaces names one twice: '${text}'`)
  return names
}
