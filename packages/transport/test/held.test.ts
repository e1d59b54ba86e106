import { expect, it } from 'vitest'
import { Bench, outcomes } from './bench-of-memory.ts'
import { bodiesOf, frames } from './probe-exchange.ts'

const texts = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${from + index}`)

it('holds back a few requests while the server has many of the same connection to work through', async () => {
  const { bench, socket } = await Bench.warm({ sharedConnections: 1 })
  bench.submit(...texts(0, 24))
  await bench.settle()
  expect(bodiesOf(socket.received)).toHaveLength(24)
  socket.deliver(frames(...texts(0, 2)))
  const held = bench.submit(...texts(24, 2))
  await bench.settle()
  expect(bodiesOf(socket.received)).toHaveLength(24)
  // Enough of them: they leave in one write.
  bench.submit(...texts(26, 6))
  await bench.settle()
  expect(bodiesOf(socket.received)).toEqual(texts(0, 32))
  socket.deliver(frames(...texts(2, 30)))
  expect(outcomes(held)).toEqual(['answer 24', 'answer 25'])
})

it('lets them go when the server has little left, though nobody asks for more', async () => {
  const { bench, socket } = await Bench.warm({ sharedConnections: 1 })
  bench.submit(...texts(0, 24))
  await bench.settle()
  socket.deliver(frames(...texts(0, 2)))
  bench.submit('held')
  await bench.settle()
  expect(bodiesOf(socket.received)).toHaveLength(24)
  socket.deliver(frames(...texts(2, 7)))
  await bench.settle()
  expect(bodiesOf(socket.received).at(-1)).toBe('held')
})

it('says of one that was held when the connection ended that it was not sent', async () => {
  const { bench, socket } = await Bench.warm({ sharedConnections: 1 })
  const sent = bench.submit(...texts(0, 24))
  await bench.settle()
  socket.deliver(frames(...texts(0, 2)))
  const held = bench.submit('held')
  await bench.settle()
  socket.end(new Error('reset'))
  await bench.settle()
  expect(outcomes(sent.slice(2, 3))).toEqual(['closed/sent'])
  expect(outcomes(held)).toEqual(['closed/queued'])
  expect(held[0]?.sent).toBe(false)
})

it('never keeps any: whatever the order of answers and requests, everything is sent', async () => {
  const { bench, socket } = await Bench.warm({ sharedConnections: 1 })
  let asked = 0
  let answered = 0
  for (let turn = 0; turn < 400; turn++) {
    const more = (turn * 7919) % 5
    bench.submit(...texts(asked, more))
    asked += more
    await bench.settle()
    const known = bodiesOf(socket.received).length
    const count = Math.min(known - answered, (turn * 104_729) % 6)
    if (count > 0) socket.deliver(frames(...texts(answered, count)))
    answered += count
  }
  for (let round = 0; answered < asked && round < asked; round++) {
    await bench.settle()
    const known = bodiesOf(socket.received).length
    expect(known).toBeGreaterThan(answered)
    socket.deliver(frames(...texts(answered, known - answered)))
    answered = known
  }
  expect(answered).toBe(asked)
  expect(bench.stats()).toMatchObject({ inFlight: 0, queued: 0 })
})
