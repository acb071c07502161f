// The peer of orders.ts: the least that can answer a command over the same transport, `ws` and JSON and nothing behind.
// Prints its port. Used by orders.ts alone.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

/** As long as an execution of an order that rests. */
const EXECUTION = {
  ...{
    type: 'execution',
    seq: 1_000,
    ts: 1_767_605_400_300_000,
    execType: 'new',
    orderStatus: 'new',
    orderId: '100000',
  },
  ...{ clientOrderId: 'mcx0c0c0-100000', symbol: 'VELTR', side: 'buy', orderType: 'limit', timeInForce: 'GTC' },
  ...{ postOnly: false, size: 1, price: 100, lastSize: 0, lastPrice: null, cumSize: 0, leavesSize: 1, avgPrice: null },
  ...{ liquidity: null, tradeId: null, fee: 0, aheadSize: 0, rateLimit: { limit: 100, remaining: 99, resetMs: 20 } },
}

const server = http.createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  const isQuotes = request.url === '/v1/quotes'
  response.end(JSON.stringify(isQuotes ? { quotes: [{ symbol: 'VELTR', bid: 100 }] } : { token: 'none' }))
})
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket => {
  socket.on('message', data => {
    const { requestId } = JSON.parse(String(data)) as { requestId: unknown }
    socket.send(JSON.stringify({ ...EXECUTION, requestId }))
  })
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
