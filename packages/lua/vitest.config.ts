import { testing } from '@aero/build/vitest'

export default testing('@aero/lua')
