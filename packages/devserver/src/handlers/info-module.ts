import type { InfoContext } from './info-context.ts'

/*
 * Source: as/src/base/udf_cask.c. These answers are older than the others and have their own form of errors.
 */
const LUA = 'LUA'
const MAX_FILE_BYTES = 127
const MAX_SOURCE_BYTES = 1024 * 1024

type Parameters = ReadonlyMap<string, string>

/** `udf-put:filename=…;content=…;content-len=…[;udf-type=LUA]`: the content in Base64. */
export function putModule(context: InfoContext, parameters: Parameters): string {
  const name = fileName(parameters)
  const dot = name?.indexOf('.') ?? -1
  if (name === undefined || dot <= 0 || dot === name.length - 1) return 'error=invalid_filename'
  const length = parameters.get('content-len')
  if (length === undefined) return 'error=invalid_content_len'
  if ((parameters.get('udf-type') ?? LUA) !== LUA) return 'error=invalid_udf_type'
  if (!/^\d{1,10}$/.test(length) || Number(length) % 4 !== 0) return 'error=invalid_content_len'
  const content = parameters.get('content')
  if (content === undefined || content.length !== Number(length)) return 'error=invalid_content'
  if ((content.length / 4) * 3 > MAX_SOURCE_BYTES) return 'error=invalid_udf_content_len,>1M'
  if (content === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(content)) return 'error=invalid_base64_content'
  const source = Uint8Array.from(Buffer.from(content, 'base64'))
  const error = context.functions.check(name, source)
  if (error !== undefined) {
    const message = Buffer.from(error.message, 'latin1').toString('base64')
    return `error=compile_error;file=${error.file};line=${error.line};message=${message}`
  }
  context.modules.put(name, source)
  context.functions.forget(moduleName(name))
  return 'ok'
}

/** `udf-get:filename=…`: the content in Base64. */
export function getModule(context: InfoContext, parameters: Parameters): string {
  const name = fileName(parameters)
  if (name === undefined) return 'error=invalid_filename'
  const file = context.modules.find(name)
  if (file === undefined) return 'error=not_found'
  if (file.source.length === 0) return 'error=empty'
  return `type=${LUA};content=${Buffer.from(file.source).toString('base64')};`
}

/** `udf-list`. */
export function listModules(context: InfoContext): string {
  return context.modules
    .list()
    .map(({ name, hash }) => `filename=${name},hash=${hash},type=${LUA};`)
    .join('')
}

/** `udf-remove:filename=…`: also of one that is not there. */
export function removeModule(context: InfoContext, parameters: Parameters): string {
  const name = fileName(parameters)
  if (name === undefined) return 'error=invalid_filename'
  context.modules.delete(name)
  context.functions.forget(moduleName(name))
  return 'ok'
}

function fileName(parameters: Parameters): string | undefined {
  const name = parameters.get('filename')
  return name === undefined || Buffer.byteLength(name) > MAX_FILE_BYTES ? undefined : name
}

/** What requests call the module: its file without the extension. */
function moduleName(file: string): string {
  const dot = file.lastIndexOf('.')
  return dot < 0 ? file : file.slice(0, dot)
}
