// A server in a process of its own: `echo` sends back what comes; `backlog` accepts two connections at most while stopped.
import { createServer } from 'node:net'

const behaviour = process.argv[2]
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  if (behaviour === 'echo') socket.pipe(socket)
})
server.listen({ port: 0, host: '127.0.0.1', backlog: behaviour === 'backlog' ? 1 : 511 }, () => {
  process.send(server.address().port)
})
process.on('disconnect', () => process.exit())
