// The table of the documents about WebSockets behind proxies and load balancers.

import type { TransportTable } from './transport-table.ts'

export const WEBSOCKETS_BEHIND_PROXIES: TransportTable = {
  title: 'WebSockets behind proxies and load balancers',
  note: 'Before you put a proxy in front of a WebSocket, ask whether two directions are needed at all.',
  columns: ['What helps'],
  rows: [
    {
      name: 'Two connections: a layer-7 proxy ends one and opens another, and has to pass the upgrade on',
      cells: ['HTTP/1.1 to the backend, with Upgrade and Connection set anew'],
      here: 'docs/proxies.md has configurations for nginx, HAProxy and Caddy. A test runs each with its stream and socket.',
    },
    {
      name: 'Layer 4 is easier: it passes bytes and knows nothing of HTTP',
      cells: ['a balancer of layer 4, if neither paths nor TLS have to be handled there'],
      here: 'The server has TLS, HTTP/2 and the checks of Origin and Host itself, and needs no proxy.',
    },
    {
      name: 'The origin: behind a proxy the server sees another Host and scheme',
      cells: ['X-Forwarded-Host and -Proto, from a proxy that is trusted'],
      here: '--trust-proxy says whose headers are believed. Without it they mean nothing.',
    },
    {
      name: 'Time-outs: a balancer cuts what is quiet, often after 60 s',
      cells: ['messages at regular intervals'],
      here: 'A heartbeat every 15 s on a socket, or at the heartbeatMs of logon; on a stream after 15 s of silence.',
    },
    {
      name: 'State: both ends remember who is logged on and what was sent',
      cells: ['state that outlives the connection'],
      here: 'An account’s events are numbered and in the journal: logon with sessionId and nextSeq takes the session over.',
    },
    {
      name: 'Moving to another backend resets the connection',
      cells: ['a notice before the end, and clients that reconnect spread out in time'],
      here: `Before it ends, the server sends notice with retryMs, then closes with 1001. An order sent again under its
        clientOrderId gets its first answer, and is never a second order.`,
    },
    {
      name: 'Some refuse the upgrade',
      cells: ['another transport to fall back to'],
      here: 'Orders also go over REST, with the same ids and codes. Prices fall back to long polling.',
    },
  ],
}
