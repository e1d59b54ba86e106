import { library } from '@aero/build/tsup'

export default library({ index: 'src/index.ts', testing: 'src/testing/index.ts' })
