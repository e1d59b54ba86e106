// npm run api: installs, builds, and writes down what the packages promise (docs/api).
import { readOrExit, readWords } from '../build/command-line.js'
import { build, install, root, run } from './setup.mjs'

readOrExit('api', 'usage: npm run api', () => readWords(process.argv.slice(2), {}))
try {
  await install()
  await build('./packages/*')
  const { code } = await run(process.execPath, [`${root}tooling/api/run.mjs`, '--update'])
  process.exitCode = typeof code === 'number' ? code : 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
