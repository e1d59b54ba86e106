#!/usr/bin/env node
import { parseArguments, USAGE } from './arguments.ts'
import { startDevServer } from './dev-server.ts'
import type { FunctionLog } from './lua/record-library.ts'

/** `aero-devserver`: starts a cluster, says where, and stops on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const parsed = parseArguments(process.argv.slice(2))
  if (parsed.kind === 'help') {
    console.log(USAGE)
    return
  }
  if (parsed.kind === 'mistake') {
    console.error(`aero-devserver: ${parsed.reason}\n\n${USAGE}`)
    process.exitCode = 2
    return
  }
  const server = await startDevServer({ ...parsed.options, log: printLog })
  const { nodes } = server
  console.log(`seeds: ${server.seeds}`)
  console.log(
    `${nodes.length === 1 ? 'One node' : `${nodes.length} nodes`}, namespaces ${parsed.options.namespaces?.join(', ')}. Records live in memory. Ctrl-C stops.`,
  )
  const stop = (): void => {
    void server.close().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** What functions in Lua log. */
function printLog({ level, where, text }: FunctionLog): void {
  console.log(`${level} ${where} ${text}`)
}

main().catch((error: unknown) => {
  console.error(`aero-devserver: ${explain(error)}`)
  process.exitCode = 1
})

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number }
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is taken; choose another with --port, or leave it out for free ones`
    case 'EACCES':
      return `port ${port} is not allowed for this user; choose one above 1023 with --port`
    case 'EADDRNOTAVAIL':
      return 'the host given with --host is not an address of this machine'
    default:
      return error.message
  }
}
