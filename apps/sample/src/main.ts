import { runSample } from './sample.ts'

process.exitCode = await runSample(process.argv.slice(2), (line) => console.log(line))
