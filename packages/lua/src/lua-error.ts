/** A module does not compile, or a function of it has failed: `message` is what Lua says, with file and line. */
export class LuaError extends Error {
  override readonly name: string = 'LuaError'
}
