// The least a WebSocket server can do with an OCPP call: read the frame and answer it. The yardstick of the node.
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  handleProtocols: () => 'ocpp1.6',
})
server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const frame: unknown = JSON.parse(data.toString('utf8'))
    if (Array.isArray(frame)) socket.send(JSON.stringify([3, frame[1], {}]))
  })
})
server.on('listening', () => {
  const address = server.address()
  console.log(`listening ${typeof address === 'object' ? address?.port : ''}`)
})
process.on('disconnect', () => process.exit(0))
