import { parseBase64, printBase64 } from '../wire/base64.ts'
import { readUtf8 } from '../wire/text.ts'
import { infoArgument } from './info-argument.ts'
import { parseInfoPairs } from './info-pairs.ts'

/** A module of functions that a cluster has. */
export interface ListedModule {
  /** Its file name, such as `module.lua`. */
  readonly name: string
  /** Of its content: 40 hexadecimal digits. */
  readonly hash: string
  readonly language: string
}

/** The command that registers a module. @throws EncodeError for a name with a separator in it. */
export function printModuleRegistration(name: string, content: Uint8Array): string {
  const text = printBase64(content)
  return `udf-put:filename=${infoArgument('name', name)};content=${text};content-len=${text.length};udf-type=LUA;`
}

/** The command that removes a module. @throws EncodeError for a name with a separator in it. */
export function printModuleRemoval(name: string): string {
  return `udf-remove:filename=${infoArgument('name', name)};`
}

/** The command that asks for a module's text. @throws EncodeError for a name with a separator in it. */
export function printModuleRequest(name: string): string {
  return `udf-get:filename=${infoArgument('name', name)};`
}

/** The text in an answer to `udf-get`; `undefined` when there is no such module, or the answer is an error of another kind. */
export function parseModuleContent(text: string): Uint8Array | undefined {
  const content = parseInfoPairs(text)['content']
  return content === undefined ? undefined : parseBase64(content)
}

/** The modules in an answer to `udf-list`. */
export function parseModuleList(text: string): ListedModule[] {
  return text
    .split(';')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const pairs = parseInfoPairs(entry.replaceAll(',', ';'))
      return { name: pairs['filename'] ?? '', hash: pairs['hash'] ?? '', language: pairs['type'] ?? '' }
    })
}

/**
 * Why a command about modules was refused: these answers are `error=…` instead of `ERROR:…`, with file, line and the compiler's message
 * where there is one. `undefined` when it was not.
 */
export function parseModuleError(text: string): string | undefined {
  const pairs = parseInfoPairs(text)
  const reason = pairs['error']
  if (reason === undefined) return undefined
  const { file, line, message } = pairs as { [name: string]: string | undefined }
  const where = file === undefined ? '' : ` in ${file}${line === undefined ? '' : `, line ${line}`}`
  return `${reason.replaceAll('_', ' ')}${where}${message === undefined ? '' : `: ${plainMessage(message)}`}`
}

function plainMessage(base64: string): string {
  try {
    const bytes = parseBase64(base64)
    return readUtf8(bytes, 0, bytes.length)
  } catch {
    return base64
  }
}
