import { library } from '@aero/build/tsup'

export default library()
