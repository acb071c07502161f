// A peer of feed.ts: `better-sse` with a channel that each reader joins, on Node's HTTP server. The data is JSON
// already and has no line breaks: what the package would do about either is left out.

import http from 'node:http'
import { createChannel, createSession } from 'better-sse'
import { listen } from './batch-port.ts'

const asItIs = (text: unknown) => text as string
const channel = createChannel()

const readers = http.createServer(async (request, response) => {
  const session = await createSession(request, response, { serializer: asItIs, sanitizer: asItIs, keepAlive: null })
  channel.register(session)
})
await listen(readers, ({ id, event, data }) => {
  channel.broadcast(data, event, { eventId: id })
})
