import { ByteWriter, type FunctionCall, type Value, writeMsgpack } from '@aero/codec'
import { UsageError } from './usage-error.ts'

/** An empty list. */
const NO_ARGUMENTS: Uint8Array = Uint8Array.of(0x90)

/** A call without arguments. @throws UsageError for an empty name */
export function functionCall(packageName: string, functionName: string): FunctionCall {
  return {
    packageName: named('package', packageName),
    functionName: named('function', functionName),
    arguments: NO_ARGUMENTS,
  }
}

/** The call with these arguments. @throws UsageError without a call; EncodeError for a value that cannot be sent */
export function passing(call: FunctionCall | undefined, values: readonly Value[]): FunctionCall {
  if (call === undefined) throw new UsageError('passing() needs a function: call function() first')
  const out = new ByteWriter(64)
  writeMsgpack(out, [...values])
  return { ...call, arguments: out.take() }
}

/** @throws UsageError when nothing says which function is to be called */
export function checkFunction(call: FunctionCall | undefined): void {
  if (call === undefined) throw new UsageError('function(package, name) must be called before execute()')
}

function named(what: string, name: string): string {
  if (typeof name === 'string' && name !== '') return name
  throw new UsageError(`the name of the ${what} must be a non-empty string`)
}
