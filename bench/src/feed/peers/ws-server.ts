// A peer of feed.ts: a broadcast with `ws` as its README has it, one message an event, sent to each client from the
// same bytes.

import http from 'node:http'
import { WebSocketServer } from 'ws'
import { listen } from './batch-port.ts'

const readers = http.createServer()
const server = new WebSocketServer({ server: readers, perMessageDeflate: false })

await listen(readers, ({ data }) => {
  const message = Buffer.from(data)
  for (const client of server.clients) client.send(message, { binary: false })
})
