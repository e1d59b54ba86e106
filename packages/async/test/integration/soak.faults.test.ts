import { expect, it } from 'vitest'
import { needsFaults } from '../support/fault-cluster.ts'
import { Program } from '../support/program.ts'

needsFaults()

/*
 * The short form of what `npm run soak` does for five minutes: five nodes, one of which goes, comes, moves or fails again and again, under
 * 64 commands in flight. The program checks every answer; see there.
 */
const SECONDS = Number(process.env['AERO_SOAK_SECONDS'] ?? 5)
const EVERY_MS = process.env['AERO_SOAK_SECONDS'] === undefined ? 250 : 1000
/** For a real cluster, such as `--seeds host:port --control program`; see the program. */
const WORDS = (process.env['AERO_SOAK_WORDS'] ?? '').split(' ').filter((word) => word !== '')
/** For the build and the final checks, and for the last change to a real cluster. */
const MORE_MS = WORDS.length === 0 ? 60_000 : 180_000

it('loses no acknowledged write, gives no wrong record, and grows not, whatever nodes do', {
  timeout: SECONDS * 1000 + 2 * MORE_MS,
}, async () => {
  const soak = await Program.build('soak')
  try {
    const words = ['--seconds', String(SECONDS), '--every', String(EVERY_MS), ...WORDS]
    const { code, output } = await soak.run(words, SECONDS * 1000 + MORE_MS)
    if (SECONDS > 5) console.log(output)
    expect(output).toMatch(/all is well\n$/)
    expect(code).toBe(0)
  } finally {
    await soak.remove()
  }
})
