import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { testing } from '@aero/build/vitest'
import { mergeConfig, type UserWorkspaceConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** What the cases of the asynchronous front end import, and what they get instead. */
const INSTEAD: { readonly [name: string]: string } = {
  '@aero/async': here('test/parity/awaited-front.ts'),
  '@aero/devserver': here('test/parity/threaded-dev-server.ts'),
}

/** Files whose cases put strange servers in the server's place, or go on beside a call, in the thread that is blocked here. */
const BESIDE_THE_CALL = /^(connect|nodes\.faults|batch\.faults|soak\.faults)\.test\.ts$/

/**
 * Single cases of that kind: an abort while a call waits, an event loop that is late, work that goes on while nodes are restarted one by
 * one or cut off from each other, a node that joins and publishes its address in the same moment.
 */
const OTHERS =
  /^(?!.*(an abort ends the wait at once|when it was this program that was late|a rolling restart|a cluster that is split|whose own addresses)).*$/s

const cases = readdirSync(here('../async/test/integration'))
  .filter((name) => name.endsWith('.test.ts') && !BESIDE_THE_CALL.test(name))
  .map((name) => `../async/test/integration/${name}`)

const { resolve = {}, test, ...project } = testing('@aero/sync parity') as UserWorkspaceConfig
const alias = (resolve.alias as { readonly find: RegExp; readonly replacement: string }[]).filter(
  ({ find }) => !Object.keys(INSTEAD).some((name) => find.test(name)),
)

/**
 * The integration cases of the asynchronous front end, word for word, through the blocking one. The dev server has a thread of
 * its own, from where it is operated as if it were here.
 */
export default mergeConfig(
  { ...project, resolve: { alias }, test: { ...test, include: [] } },
  {
    plugins: [
      {
        name: 'blocking-front',
        enforce: 'pre',
        resolveId: (source: string, importer: string | undefined) => {
          const instead = INSTEAD[source]
          if (instead === undefined) return null
          if (importer?.includes('/packages/async/test/')) return instead
          return here(`../${source.slice('@aero/'.length)}/src/index.ts`)
        },
      },
    ],
    test: {
      globalSetup: ['test/support/build-programs.ts'],
      include: cases,
      testNamePattern: OTHERS,
    },
  },
)
