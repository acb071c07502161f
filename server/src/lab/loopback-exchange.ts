// Sends one HTTP/1.1 request to this server's own clear port and returns the answer as it arrived. Bounded in time and
// size. Must not be given an address from outside. Called by routes/lab-handshake.ts.

import net, { type AddressInfo } from 'node:net'
import { CodedError } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'

const ANSWER_MAX_MS = 2_000
const ANSWER_MAX_BYTES = 16 * 1024
const HEAD_END = '\r\n\r\n'

/** @throws {CodedError} busy without a whole answer in time */
export function exchangeWithSelf(address: AddressInfo, request: string, clock: Clock): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = net.connect(address.port, reachable(address.address))
  const fail = () => reject(new CodedError('busy', 'the server did not answer its own request; try again', 1_000))
  let received: Buffer = Buffer.alloc(0)
  const cancelTimer = clock.setTimer(() => socket.destroy(), ANSWER_MAX_MS)
  socket.on('connect', () => socket.write(request))
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    const end = endOfAnswer(received)
    if (end <= received.length) resolve(received.toString('utf8', 0, end))
    if (end <= received.length || received.length > ANSWER_MAX_BYTES) socket.destroy()
  })
  // The 'close' that follows fails.
  socket.on('error', () => {})
  socket.on('close', () => {
    cancelTimer()
    // Settles nothing when the answer was whole.
    fail()
  })
  return promise
}

/** A port that is open on all addresses is reached on loopback. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  return address === '::' ? '::1' : address
}

/** Where an answer of this server ends: it always names its length. What follows a 101 are frames, not the answer. */
function endOfAnswer(received: Buffer): number {
  const headEnd = received.indexOf(HEAD_END)
  if (headEnd < 0) return Number.POSITIVE_INFINITY
  const head = received.toString('latin1', 0, headEnd)
  return headEnd + HEAD_END.length + Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
}
