import { startDevServer } from '@aero/devserver'
import { describe, expect, it } from 'vitest'
import { runSample } from '../src/sample.ts'

async function run(...words: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = []
  const code = await runSample(words, (line) => lines.push(line))
  return { code, lines }
}

describe('the sample', () => {
  it('takes all its steps on the embedded cluster', async () => {
    const { code, lines } = await run()
    expect(lines.at(-1)).toBe('sample: 12 steps passed, 0 failed')
    expect(code).toBe(0)
    expect(lines.join('\n')).not.toMatch(/FAILED|skipped/)
  })

  it('runs on any cluster, leaves nothing behind and no node killed', async () => {
    await using server = await startDevServer({ nodes: 2, namespaces: ['elsewhere'] })
    const { code, lines } = await run('--seeds', server.node(0).address, '--namespace', 'elsewhere')
    expect(lines.at(-1)).toBe('sample: 11 steps passed, 0 failed')
    expect(lines.join('\n')).toContain('skipped: nodes of a real cluster are not ours to kill')
    expect(code).toBe(0)
    expect(server.nodes.map((node) => node.state)).toEqual(['up', 'up'])
    // The pass that expired may still wait for the sweeper; guests may not.
    expect(server.countRecords('elsewhere')).toBeLessThanOrEqual(1)
  })

  it('fails, and says why, where there is no cluster', async () => {
    const { code, lines } = await run('--seeds', '127.0.0.1:1')
    expect(code).toBe(1)
    expect(lines.at(-1)).toBe('sample: 0 steps passed, 11 failed')
    expect(lines.join('\n')).toContain('127.0.0.1:1')
  })

  it('explains itself', async () => {
    expect(await run('--help')).toMatchObject({ code: 0 })
    const { code, lines } = await run('--sedes', 'x')
    expect(code).toBe(2)
    expect(lines.join('\n')).toContain('--seeds')
  })
})
