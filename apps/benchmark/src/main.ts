// npm run bench -- compare … | many-records …
import { CommandLineMistake, oneOf, readOrExit } from '@aero/build/command-line'

const COMMANDS = ['compare', 'many-records'] as const
const USAGE = `usage: npm run bench -- COMMAND [options]

  compare        Aero beside the official client and the floor
  many-records   scans of very many records, checked one by one

COMMAND --help tells its options.
`

const [word] = process.argv.slice(2)
if (word === '--help' || word === 'help') {
  process.stdout.write(USAGE)
  process.exit(0)
}
const command = readOrExit('bench', USAGE, () => {
  if (word === undefined) throw new CommandLineMistake('what is to be done is missing')
  return oneOf('command', word, COMMANDS)
})
if (command === 'many-records') await import('./many-records.ts')
else await import('./compare-command.ts')
