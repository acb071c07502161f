// The table of the documents about the versions of HTTP.

import type { TransportTable } from './transport-table.ts'

export const HTTP_VERSIONS: TransportTable = {
  title: 'HTTP/1.0, 1.1, 2 and 3',
  note: 'Each version removes what made the one before it wait.',
  columns: ['HTTP/1.0', 'HTTP/1.1', 'HTTP/2', 'HTTP/3'],
  rows: [
    {
      name: 'Year, transport',
      cells: ['1996, TCP', '1997, TCP', '2015, TCP', '2022, QUIC over UDP'],
      here: `1.1 on the clear port, 2 and 1.1 on the TLS port. 1.0 is answered with a plain body that ends with its
        connection. For 3 a proxy in front is needed: npm run h3 starts Caddy.`,
      measured: ['version'],
    },
    {
      name: 'Connections',
      cells: [
        'one for each request: ten images, ten handshakes',
        'kept alive, from hop to hop; a browser opens six to an origin',
        'one for all requests',
        'one for all requests',
      ],
      here: 'An idle connection of HTTP/1.1 is kept for 72 s. One of HTTP/2 carries up to 250 streams at once.',
      measured: ['connect'],
    },
    {
      name: 'Requests at the same time',
      cells: [
        'one a connection',
        'one a connection',
        'many streams, each with its id',
        'many streams, each with its id',
      ],
      here: 'So all tabs of a browser share one event stream: six tabs would take all connections of HTTP/1.1.',
    },
    {
      name: 'A slow answer holds up',
      cells: ['nothing else', 'what waits on its connection', 'no other stream', 'no other stream'],
      here: 'A long poll waits for up to 30 s: over HTTP/1.1 it takes one of the six connections meanwhile.',
    },
    {
      name: 'A lost packet stalls',
      cells: ['its request', 'its connection', 'every stream of the connection', 'its stream'],
      here: 'HTTP/2 runs over TCP, on this server too.',
    },
    {
      name: 'Headers',
      cells: ['text', 'text, again with each request', 'binary, repeated ones once (HPACK)', 'binary (QPACK)'],
      here: 'The same headers on all versions.',
      measured: ['head'],
    },
    {
      name: 'Encryption',
      cells: ['optional', 'optional', 'always, in practice', 'always: TLS 1.3 is a part of it'],
      here: 'The TLS port has a certificate of its own, made at the first start.',
    },
    {
      name: 'Until the first request',
      cells: [
        'a round trip for TCP, one or two for TLS',
        'a round trip for TCP, one or two for TLS',
        'a round trip for TCP, one or two for TLS',
        'one round trip, or none',
      ],
      here: 'On the same machine a round trip takes next to nothing.',
    },
    {
      name: 'Server push',
      cells: ['no', 'no', 'yes, but browsers dropped it', 'specified, not used'],
      here: 'Not used. A preload link, or 103 Early Hints, does the same.',
    },
    {
      name: 'Moves between networks',
      cells: ['no', 'no', 'no', 'yes: the connection has an id'],
      here: 'The client notices the loss, reconnects and resumes from its position.',
    },
    {
      name: 'Share in 2024, as course material names it',
      cells: ['', 'about 20 %', 'about 35 %', 'about 30 %'],
      here: 'Not measured here.',
    },
  ],
}
