// npm start: installs, builds, and runs the sample. Its last line and its exit code are the sample's.
import { build, environment, install, run } from './setup.mjs'

try {
  console.log('── install ──')
  console.log(await install())
  console.log('── build ──')
  await build('@aero/sample...')
  console.log('── sample ──')
  const { code } = await run(process.execPath, ['apps/sample/dist/main.js', ...process.argv.slice(2)], {
    env: environment,
  })
  process.exitCode = typeof code === 'number' ? code : 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
