// Readers of the feed in another process, for starvation.ts, orders/orders.ts and feed/classes.ts: streams that are
// read and discarded. Prints a line when all are open. Arguments: port, number of readers, queries of the streams,
// which they take in turn; raw, of all events, when absent.

import net from 'node:net'

const EVERYTHING = 'mode=raw&events=quote,trade,book,candle,status,news'
const [portArgument, countArgument, ...queryArguments] = process.argv.slice(2)
const queries = queryArguments.length === 0 ? [EVERYTHING] : queryArguments
const [port, count] = [Number(portArgument), Number(countArgument)]

let open = 0
for (let reader = 0; reader < count; reader++) {
  const socket = net.connect(port, '127.0.0.1')
  socket.write(`GET /v1/stream?${queries[reader % queries.length]} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  socket.once('data', () => {
    if (++open === count) console.log('open')
  })
  socket.on('data', () => {})
  socket.on('error', () => {})
  // Opens them slowly: the start of the readers is not measured.
  if (reader % 50 === 49) await new Promise(resolve => setTimeout(resolve, 50))
}
