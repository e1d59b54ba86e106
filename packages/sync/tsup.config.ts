import { library } from '@aero/build/tsup'

export default library({ index: 'src/index.ts', worker: 'src/bridge/worker.ts' })
