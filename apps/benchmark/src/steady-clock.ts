import { closeSync, openSync, writeSync } from 'node:fs'

/**
 * Asks the kernel to keep idle processors awake while it is held: on virtual machines an idle processor costs milliseconds
 * to get back, and every figure lies. Needs root on Linux; where it cannot be had, `held` is false and the report says so.
 */
export class SteadyClock {
  readonly held: boolean
  readonly #file: number | undefined

  constructor() {
    this.#file = open()
    this.held = this.#file !== undefined
  }

  release(): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }
}

function open(): number | undefined {
  try {
    const file = openSync('/dev/cpu_dma_latency', 'r+')
    writeSync(file, new Uint8Array(4))
    return file
  } catch {
    return undefined
  }
}
