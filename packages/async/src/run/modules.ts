import {
  type ListedModule,
  parseModuleContent,
  parseModuleError,
  parseModuleList,
  printModuleRegistration,
  printModuleRemoval,
  printModuleRequest,
  RESULT_CODE,
} from '@aero/codec'
import type { Clock } from '@aero/transport'
import { type AerospikeError, errorFromCode } from '../errors.ts'
import { UsageError } from '../plan/usage-error.ts'
import type { InfoClient } from './info-client.ts'
import { Task } from './task.ts'

/** A module that is on its way to every node, or away from it. */
export class ModuleTask extends Task<number> {
  readonly name: string
  readonly #info: InfoClient
  readonly #isWanted: boolean

  /** Made by `registerUdf` and `removeUdf`. */
  constructor(info: InfoClient, clock: Clock, name: string, isWanted: boolean) {
    super(clock)
    this.#info = info
    this.name = name
    this.#isWanted = isWanted
  }

  /** Percent of the nodes that have the module, or have it no more. */
  override async progress(signal?: AbortSignal): Promise<number> {
    const answers = [...(await this.#info.askAll('udf-list', signal)).values()]
    const settled = answers.filter(
      (answer) => parseModuleList(answer).some(({ name }) => name === this.name) === this.#isWanted,
    )
    return answers.length === 0 ? 0 : (100 * settled.length) / answers.length
  }

  protected override isOver(progress: number): boolean {
    return progress >= 100
  }

  protected override describe(): string {
    return `the ${this.#isWanted ? 'registration' : 'removal'} of module ${this.name}`
  }
}

/** Registers a module with the cluster. @throws UsageError for no text at all; UdfError when it does not compile */
export async function registerModule(info: InfoClient, name: string, content: Uint8Array): Promise<void> {
  if (content.length === 0) throw new UsageError(`module ${name}: its text is empty`)
  const answer = await info.askOne(printModuleRegistration(name, content))
  throwModuleError(name, answer)
}

/** Removes a module from the cluster; that there is none is no error. */
export async function removeModule(info: InfoClient, name: string): Promise<void> {
  throwModuleError(name, await info.askOne(printModuleRemoval(name)))
}

/** The text of a module; `undefined` when there is none of that name. @throws UdfError for a name that cannot be one */
export async function readModule(info: InfoClient, name: string): Promise<string | undefined> {
  const answer = await info.askOne(printModuleRequest(name))
  const content = parseModuleContent(answer)
  if (content !== undefined) return new TextDecoder().decode(content)
  const reason = parseModuleError(answer)
  if (reason === 'not found') return undefined
  throw moduleError(name, reason ?? `the server says '${answer}' instead of its text`)
}

/** The modules of the cluster. */
export async function listModules(info: InfoClient): Promise<ListedModule[]> {
  return parseModuleList(await info.askOne('udf-list'))
}

function throwModuleError(name: string, answer: string): void {
  const reason = parseModuleError(answer)
  if (reason !== undefined) throw moduleError(name, reason)
}

function moduleError(name: string, reason: string): AerospikeError {
  return errorFromCode(RESULT_CODE.UDF_BAD_RESPONSE, { message: `module ${name}: ${reason}` })
}
