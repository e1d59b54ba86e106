import { type InfoError, parseInfoError } from '@aero/codec'
import { AerospikeError, errorFromCode } from '../errors.ts'

/** A node that can be asked by the info protocol. */
export interface InfoNode {
  readonly name: string
  /** Version of its server. */
  readonly build: string
}

/** What asking takes of a cluster: see the tender's `Cluster`. */
export interface InfoSource<N extends InfoNode = InfoNode> {
  nodes(): readonly N[]
  info(
    node: N,
    names: readonly string[],
    timeoutMs?: number,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>>
}

/** Time for one node to answer, in milliseconds. */
const TIMEOUT_MS = 5000

/** Asks nodes of a cluster by the info protocol, and turns refusals into errors. */
export class InfoClient {
  readonly #source: InfoSource

  constructor(source: InfoSource) {
    this.#source = source
  }

  /** The nodes of this moment. @throws AerospikeError SERVER_NOT_AVAILABLE when there is none */
  nodes(): readonly InfoNode[] {
    const nodes = this.#source.nodes()
    if (nodes.length === 0) throw errorFromCode(-8, { message: 'no node of the cluster is known' })
    return nodes
  }

  /** One node's answer, whatever it says, within 5 s unless told otherwise. @throws AerospikeError when there is none */
  async ask(
    node: InfoNode,
    command: string,
    signal?: AbortSignal,
    timeoutMs: number = TIMEOUT_MS,
  ): Promise<string> {
    let answers: ReadonlyMap<string, string>
    try {
      answers = await this.#source.info(node, [command], timeoutMs, signal)
    } catch (cause) {
      if (AerospikeError.is(cause) || signal?.aborted === true) throw cause
      const reason = cause instanceof Error ? `, ${cause.message}` : ''
      throw errorFromCode(-8, { message: `node ${node.name}, '${nameOf(command)}'${reason}`, cause })
    }
    // The server repeats the command as it understood it; there is one.
    for (const answer of answers.values()) return answer
    throw errorFromCode(-99, { message: `node ${node.name} says nothing to '${nameOf(command)}'` })
  }

  /** One node's answer. @throws AerospikeError also when the answer is an error */
  async askSuccessfully(node: InfoNode, command: string, signal?: AbortSignal): Promise<string> {
    const answer = await this.ask(node, command, signal)
    const refusal = parseInfoError(answer)
    if (refusal !== undefined) throw infoError(command, refusal, node)
    return answer
  }

  /** The answer of any node, which tells the others. */
  askOne(command: string, signal?: AbortSignal): Promise<string> {
    const nodes = this.nodes()
    return this.askSuccessfully(nodes[Math.floor(Math.random() * nodes.length)] as InfoNode, command, signal)
  }

  /** The answers of all nodes, by name. */
  async askAll(command: string, signal?: AbortSignal, timeoutMs?: number): Promise<Map<string, string>> {
    const answers = await Promise.all(
      this.nodes().map(
        async (node) => [node.name, await this.ask(node, command, signal, timeoutMs)] as const,
      ),
    )
    return new Map(answers)
  }
}

/** The error that an info answer is. */
export function infoError(
  command: string,
  { code, text }: InfoError,
  node?: Pick<InfoNode, 'name'>,
): AerospikeError {
  const at = node === undefined ? '' : `node ${node.name}, `
  return errorFromCode(code, { message: `${at}'${nameOf(command)}': ${text}` })
}

/** A command without its arguments, which may be long. */
function nameOf(command: string): string {
  return command.length > 120 ? `${command.slice(0, 120)}…` : command
}
