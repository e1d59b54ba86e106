// pnpm bench …: builds the benchmark and hands it the arguments.
import { build, environment, install, run } from './setup.mjs'

await install()
await build('@aero/benchmark...')
const { code } = await run(process.execPath, ['apps/benchmark/dist/main.js', ...process.argv.slice(2)], {
  env: environment,
})
process.exitCode = typeof code === 'number' ? code : 1
