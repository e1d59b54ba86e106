import { CommandLineMistake, oneOf, readOrExit } from '@aero/build/command-line'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readCompareOptions, USAGE } from './compare-options.ts'

afterEach(() => vi.restoreAllMocks())

describe('the words of a comparison', () => {
  it('are read with their defaults', () => {
    expect(readCompareOptions(['--seeds', 'a:3000'])).toMatchObject({
      seeds: 'a:3000',
      inFlight: [64],
      contestants: expect.arrayContaining(['aero-direct', 'official', 'floor']),
      setName: 'benchmark-integer',
    })
    const some = ['--seeds=a', '--in-flight', '1,16', '--workload', 'scan', '--reads', '0.25', '--keys', '50']
    expect(readCompareOptions(some)).toMatchObject({
      inFlight: [1, 16],
      reads: 0.25,
      setName: 'benchmark-integer-50',
    })
    expect(readCompareOptions(['--help'])).toBe('help')
  })

  it.each([
    [['--nonsense'], "there is no option '--nonsense'"],
    [['--seed', 'a'], "there is no option '--seed'; did you mean --seeds?"],
    [['--inflight=4'], "there is no option '--inflight'; did you mean --in-flight?"],
    [['-x'], "there is no option '-x'"],
    [['--seeds'], "Option '--seeds <value>' argument missing"],
    [['--seeds', '--pairs'], "Option '--seeds' argument is ambiguous."],
    [['--help=1'], "Option '--help' does not take an argument"],
    [['more'], "Unexpected argument 'more'. This command does not take positional arguments"],
    [[], '--seeds is missing: the servers to load'],
    [['--seeds=a', '--workload=scans'], "--workload 'scans' is unknown; did you mean scan?"],
    [['--seeds=a', '--contestants=floor,java'], /^--contestants is one of aero-direct, .*, not 'java'$/],
    [['--seeds=a', '--pairs=some'], "--pairs takes a whole number of at least 1, not 'some'"],
    [['--seeds=a', '--reads=2'], "--reads takes a number from 0 to 1, not '2'"],
    [['--seeds=a', '--in-flight=1,0'], "--in-flight takes a whole number from 1 to 100000, not '0'"],
  ])('%j is a mistake', (words, message) => {
    const mistake = (): unknown => readCompareOptions(words)
    expect(mistake).toThrow(CommandLineMistake)
    expect(mistake).toThrow(typeof message === 'string' ? expect.objectContaining({ message }) : message)
  })
})

describe('a mistake', () => {
  it('is told in one line, with the usage, and ends the program with code 2', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never)
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    readOrExit('bench compare', USAGE, () => readCompareOptions(['--nonsense']))
    expect(exit).toHaveBeenCalledExactlyOnceWith(2)
    expect(String(write.mock.calls[0]?.[0])).toMatch(
      /^bench compare: there is no option '--nonsense'\n\nusage: /,
    )
  })

  it('that is none is thrown on', () => {
    const broken = (): never => {
      throw new RangeError('broken')
    }
    expect(() => readOrExit('bench', '', broken)).toThrow(RangeError)
  })

  it('is a word that is none of those allowed', () => {
    expect(oneOf('command', 'compare', ['compare', 'many-records'])).toBe('compare')
    expect(() => oneOf('command', 'many-record', ['compare', 'many-records'])).toThrow(
      "command 'many-record' is unknown; did you mean many-records?",
    )
    expect(() => oneOf('command', 'x', ['compare', 'many-records'])).toThrow(
      "command is one of compare, many-records, not 'x'",
    )
  })
})
