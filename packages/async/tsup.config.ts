import { library } from '@aero/build/tsup'

export default library({ index: 'src/index.ts', plan: 'src/plan/index.ts', engine: 'src/engine.ts' })
