import { library } from '@aero/build/tsup'

export default library({ index: 'src/index.ts', machine: 'src/machine/index.ts' })
