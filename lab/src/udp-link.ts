// A link for UDP. A datagram that is lost is really dropped: QUIC finds out and sends its frames again.

import dgram from 'node:dgram'
import { once } from 'node:events'
import { createDelayQueue, type DelayQueue } from './delay-queue.ts'
import { type LinkOptions, LOOPBACK, type LossyLink, PendingLoss } from './lossy-link.ts'

/** A client address, and the socket that stands for it towards the server. */
interface Peer {
  readonly upstream: dgram.Socket
  readonly toServer: DelayQueue<Buffer>
  readonly toClient: DelayQueue<Buffer>
  lastSeenMs: number
}

const PEERS_MAX = 64
/** Longer than the idle timeout of Chromium and Caddy. */
const PEER_IDLE_MS = 60_000
/** Set in the first byte of the packets of a handshake (RFC 9000, section 17.2), which are not lost. */
const LONG_HEADER = 0x80

export async function openUdpLink({ port, targetPort, delayMs }: LinkOptions): Promise<LossyLink> {
  const loss = new PendingLoss()
  const peers = new Map<string, Peer>()
  const socket = dgram.createSocket('udp4')

  function openPeer(clientPort: number): Peer {
    const upstream = dgram.createSocket('udp4')
    const peer: Peer = {
      upstream,
      toServer: createDelayQueue(datagram => upstream.send(datagram, targetPort, LOOPBACK)),
      toClient: createDelayQueue(datagram => socket.send(datagram, clientPort, LOOPBACK)),
      lastSeenMs: performance.now(),
    }
    upstream.on('message', datagram => {
      const isEvent = (datagram[0]! & LONG_HEADER) === 0
      if (isEvent && loss.takes(peer, datagram.length)) return
      peer.toClient.push(datagram, performance.now() + delayMs)
    })
    // An unreachable server is noticed by QUIC's own timeout.
    upstream.on('error', () => {})
    return peer
  }

  function closePeer(key: string, peer: Peer): void {
    peers.delete(key)
    loss.forget(peer)
    peer.toServer.clear()
    peer.toClient.clear()
    peer.upstream.close()
  }

  function closeIdle(): void {
    for (const [key, peer] of peers) if (performance.now() - peer.lastSeenMs > PEER_IDLE_MS) closePeer(key, peer)
  }

  socket.on('message', (datagram, client) => {
    const key = String(client.port)
    if (!peers.has(key)) closeIdle()
    const peer = peers.get(key) ?? (peers.size < PEERS_MAX ? openPeer(client.port) : undefined)
    if (peer === undefined) return
    peers.set(key, peer)
    peer.lastSeenMs = performance.now()
    peer.toServer.push(datagram, performance.now() + delayMs)
  })
  // Sending to a browser that has gone.
  socket.on('error', () => {})
  socket.bind(port, LOOPBACK)
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    loseNext: waitMaxMs => loss.wait(waitMaxMs),
    close() {
      for (const [key, peer] of peers) closePeer(key, peer)
      socket.close()
    },
  }
}
