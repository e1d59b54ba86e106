export const USAGE = `usage: npm run soak -- [options]

  --seeds host:port,…       a real cluster, instead of five dev nodes in the program
  --control PROGRAM         stops and starts its nodes: called with stop, kill, pause, start or resume, and the number of a node
  --changes stop,kill       what is done to them, of stop, kill, pause
  --every 1000              milliseconds between changes
  --namespace test          namespace to write in
  --seed N                  repeats the chance of another run
  --help                    this text

AERO_SOAK_SECONDS says how long (300).`

export const OPTIONS = {
  seconds: { type: 'string', default: '30' },
  every: { type: 'string', default: '1000' },
  seeds: { type: 'string' },
  control: { type: 'string' },
  changes: { type: 'string', default: 'stop,kill' },
  namespace: { type: 'string', default: 'test' },
  seed: { type: 'string' },
  help: { type: 'boolean', default: false },
}
