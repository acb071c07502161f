// The port at which the peers in Node.js are published batches. Used by them alone; each is a process of its own.

import { once } from 'node:events'
import type { Server } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { createFrameReader, parseEvents, type RecordedEvent } from '../batches.ts'

/** Prints both ports, that of the readers first. Ends the process when its parent has gone. */
export async function listen(readers: Server, onEvent: (event: RecordedEvent) => void): Promise<void> {
  const publisher = net.createServer(socket => {
    socket.on(
      'data',
      createFrameReader(text => {
        for (const event of parseEvents(text)) onEvent(event)
      }),
    )
    socket.on('error', () => {})
  })
  readers.listen(0, '127.0.0.1', 4_096)
  publisher.listen(0, '127.0.0.1')
  await Promise.all([once(readers, 'listening'), once(publisher, 'listening')])
  process.stdin.resume().once('end', () => process.exit(0))
  console.log(`${portOf(readers)} ${portOf(publisher)}`)
}

const portOf = (server: net.Server) => (server.address() as AddressInfo).port
