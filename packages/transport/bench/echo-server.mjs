// A server that answers each frame with the same fixed frame, and looks at nothing but the lengths.
import { createServer } from 'node:net'

const answer = Buffer.alloc(8 + Number(process.argv[2] ?? 52))
answer.set([2, 3])
answer.writeUInt32BE(answer.length - 8, 4)
const many = Buffer.concat(Array.from({ length: 1024 }, () => answer))

const server = createServer({ noDelay: true }, (socket) => {
  let carried = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk])
    let at = 0
    let count = 0
    while (at + 8 <= bytes.length) {
      const end = at + 8 + bytes.readUInt32BE(at + 4)
      if (end > bytes.length) break
      at = end
      count++
    }
    carried = at === bytes.length ? Buffer.alloc(0) : bytes.subarray(at)
    for (; count > 0; count -= 1024) socket.write(many.subarray(0, Math.min(count, 1024) * answer.length))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
process.on('disconnect', () => process.exit())
