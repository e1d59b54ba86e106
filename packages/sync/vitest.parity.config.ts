import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { testing } from '@aero/build/vitest'
import { mergeConfig, type UserWorkspaceConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** What the cases of the asynchronous front end import, and what they get instead. */
const INSTEAD: { readonly [name: string]: string } = {
  '@aero/async': here('test/parity/awaited-front.ts'),
  '@aero/devserver': here('test/parity/threaded-dev-server.ts'),
  '@aero/testkit/strange-server': here('test/parity/threaded-strange-server.ts'),
  '@aero/testkit/balancer': here('test/parity/threaded-balancer.ts'),
}

/** Runs a program of its own, which has the asynchronous front end. */
const PROGRAMS = /^soak\.faults\.test\.ts$/

/**
 * All cases but those of an abort while a call waits, or of an event loop that is late, which there is not while a call is blocked; and
 * those of programs, which `test/process-ends.test.ts` has of its own.
 */
const CASES =
  /^(?!.*(an abort ends the wait at once|connecting, aborted while|when it was this program that was late|a process that)).*$/s

const cases = readdirSync(here('../async/test/integration'))
  .filter((name) => name.endsWith('.test.ts') && !PROGRAMS.test(name))
  .map((name) => `../async/test/integration/${name}`)

const { resolve = {}, test, ...project } = testing('@aero/sync parity') as UserWorkspaceConfig
const doors = resolve.alias as { readonly find: RegExp; readonly replacement: string }[]
const alias = doors.filter(({ find }) => !Object.keys(INSTEAD).some((name) => find.test(name)))

/**
 * The integration cases of the asynchronous front end, word for word, through the blocking one. The servers have a thread of their own
 * and are operated from here as if they were here.
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
          return doors.find(({ find }) => find.test(source))?.replacement ?? null
        },
      },
    ],
    test: {
      globalSetup: ['test/support/build-programs.ts'],
      include: cases,
      testNamePattern: CASES,
    },
  },
)
