import { library } from '@aero/build/tsup'

export default library({ index: 'src/index.ts', sync: 'src/sync.ts' })
