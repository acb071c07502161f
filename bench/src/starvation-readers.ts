// The readers of starvation.ts, in another process: raw streams of all events, discarded. Prints a line when all are
// open. Arguments: port, number of readers.

import net from 'node:net'

const [port, count] = process.argv.slice(2).map(Number)
const EVERYTHING = 'quote,trade,book,candle,status,news'

let open = 0
for (let reader = 0; reader < count!; reader++) {
  const socket = net.connect(port!, '127.0.0.1')
  socket.write(`GET /v1/stream?mode=raw&events=${EVERYTHING} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  socket.once('data', () => {
    if (++open === count) console.log('open')
  })
  socket.on('data', () => {})
  socket.on('error', () => {})
  // Opens them slowly: the start of the readers is not measured.
  if (reader % 50 === 49) await new Promise(resolve => setTimeout(resolve, 50))
}
