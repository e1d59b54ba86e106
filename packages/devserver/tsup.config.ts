import { library } from '@aero/build/tsup'

export default library({ index: 'src/index.ts', cli: 'src/cli.ts' })
