import { application } from '@aero/build/tsup'

export default application()
