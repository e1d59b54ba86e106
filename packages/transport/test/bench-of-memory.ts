import { FakeClock, settled } from '@aero/testkit'
import { DeadlineWatch, Endpoint, Pool, type PoolOptions, type PoolStats } from '../src/index.ts'
import { type MemoryListener, MemoryNetwork, type MemorySocket } from '../src/testing/index.ts'
import { Probe } from './probe-exchange.ts'

/** A pool on a network in memory, its clock in the test's hands. */
export class Bench {
  readonly clock = new FakeClock(1_000_000)
  readonly network = new MemoryNetwork()
  readonly endpoint = new Endpoint('10.0.0.1', 3000)
  readonly defects: unknown[] = []
  readonly troubles: (Error | undefined)[] = []
  readonly watch: DeadlineWatch
  readonly pool: Pool

  constructor(options: Partial<PoolOptions> = {}, listener: MemoryListener | 'hang' | 'refuse' = () => {}) {
    if (listener === 'hang') this.network.hang(String(this.endpoint))
    else if (listener !== 'refuse') this.network.listen(String(this.endpoint), listener)
    this.watch = new DeadlineWatch(this.clock, (error) => this.defects.push(error))
    this.pool = new Pool({
      endpoint: this.endpoint,
      opener: this.network,
      clock: this.clock,
      watch: this.watch,
      random: () => 1,
      // Time passes in steps here; what happens when answers do not come meanwhile has its own tests (stall.test.ts).
      stallMs: 0,
      onDefect: (error) => this.defects.push(error),
      onTrouble: (cause) => this.troubles.push(cause),
      ...options,
    })
  }

  /** Submits one exchange per text, at once. */
  submit(...texts: readonly string[]): Probe[] {
    return texts.map((text) => {
      const probe = new Probe(text)
      this.pool.submit(probe)
      return probe
    })
  }

  submitWithin(timeoutMs: number, ...texts: readonly string[]): Probe[] {
    return texts.map((text) => {
      const probe = new Probe(text, this.clock.now() + timeoutMs)
      this.pool.submit(probe)
      return probe
    })
  }

  submitExclusive(...texts: readonly string[]): Probe[] {
    return texts.map((text) => {
      const probe = new Probe(text)
      this.pool.submitExclusive(probe)
      return probe
    })
  }

  /** A bench whose pool has one open connection, and that connection's far end. */
  static async warm(
    options: Partial<PoolOptions> = {},
    listener?: MemoryListener,
  ): Promise<{ bench: Bench; socket: MemorySocket }> {
    const bench = new Bench(options, listener)
    await bench.pool.warm(1)
    return { bench, socket: bench.socket(0) }
  }

  socket(index: number): MemorySocket {
    const socket = this.network.sockets[index]
    if (socket === undefined) throw new Error(`no connection ${index} was tried`)
    return socket
  }

  stats(): PoolStats {
    return this.pool.stats()
  }

  /** Lets time pass: timers, ends of turns and looks at the network. */
  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms)
  }

  settle(): Promise<void> {
    return settled()
  }
}

export const outcomes = (probes: readonly Probe[]): string[] => probes.map((probe) => probe.outcome)
