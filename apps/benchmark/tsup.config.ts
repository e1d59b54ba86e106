import { application } from '@aero/build/tsup'

export default application({ main: 'src/main.ts', 'run-one': 'src/run-one.ts' })
