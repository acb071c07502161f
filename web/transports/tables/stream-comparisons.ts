// The tables of the documents about Server-Sent Events, WebSocket and long polling. The examples are those of the
// decision tree. Figures that are recorded are those of bench/README.md.

import { chooseTransport, type Transport } from '@papertape/protocol'
import { PANEL_NAMES, PANELS, transportChoice } from '../../connections/panels.ts'
import type { TransportTable } from './transport-table.ts'

const STREAMED = chooseTransport({ realtime: true })
const BOTH_WAYS = chooseTransport({ realtime: true, bidirectional: true })
const panelsOver = (transport: Transport) =>
  PANEL_NAMES.filter(name => transportChoice(name).transport === transport).map(name => PANELS[name].title)

export const SSE_AND_WEBSOCKET: TransportTable = {
  title: 'Server-Sent Events and WebSocket',
  note: 'Both stay open and bring an event when it happens. They differ in who may speak, and in what is HTTP.',
  columns: ['Server-Sent Events', 'WebSocket'],
  rows: [
    {
      name: 'Direction',
      cells: ['server to client', 'both, at any time'],
      here: 'Prices come on /v1/stream. Orders go up and executions come down on /v1/socket.',
    },
    {
      name: 'Protocol',
      cells: ['HTTP: one response that stays open', 'its own, after the upgrade of an HTTP request'],
      here: 'Both on both ports. Over HTTP/2 the WebSocket is a stream of the same connection (RFC 8441).',
      measured: ['version'],
    },
    {
      name: 'Opening',
      cells: ['one request', 'one request, answered with 101 Switching Protocols'],
      here: 'The first frame of a stream is hello, that of a socket welcome.',
      measured: ['stream', 'socket'],
      recorded: [
        {
          text: 'First byte of a new stream beside 1,000 raw readers at 8 times the pace of the market: 22 ms, the worst of 20 s.',
          date: '2026-11-28',
          source: 'bench/README.md, starvation',
        },
      ],
    },
    {
      name: 'An answer to what the client says',
      cells: ['a request of its own', 'on the same connection'],
      here: 'Each command on the socket has exactly one answer, with its requestId.',
      measured: ['roundTrip', 'ping'],
      recorded: [
        {
          text: 'An order is acknowledged in 15.8 ms (median) and 25 ms (p99) beside the same 1,000 readers.',
          date: '2026-11-28',
          source: 'bench/README.md, starvation',
        },
      ],
    },
    {
      name: 'Reconnects',
      cells: ['by itself, with Last-Event-ID', 'code of the application'],
      here: 'Both resume exactly: a stream from Last-Event-ID or last, a session from sessionId and nextSeq.',
    },
    {
      name: 'Payload',
      cells: ['UTF-8 text', 'text and binary'],
      here: 'JSON on both, the same bytes for the same event. A binary frame is closed with 1003.',
    },
    {
      name: 'From another origin',
      cells: ['CORS', 'the server checks Origin'],
      here: 'Any origin may read /v1/stream. /v1/socket refuses an origin that is not its own or listed, with 403.',
    },
    {
      name: 'Proxies and firewalls',
      cells: ['plain HTTP; some hold it back', 'some block the upgrade'],
      here: `X-Accel-Buffering: no, and a heartbeat after 15 s of silence. Where a stream does not pass, the client falls
        back to long polling.`,
    },
    {
      name: 'Best for',
      cells: [STREAMED.examples.join(', '), BOTH_WAYS.examples.join(', ')],
      here: `Over Server-Sent Events: ${panelsOver('sse').join(', ')}. Over WebSocket: ${panelsOver('websocket').join(', ')}.`,
    },
  ],
}

export const LONG_POLLING: TransportTable = {
  title: 'Long polling, and what it costs',
  note: 'The client asks with its position; the server answers when there is something, or with nothing after the wait.',
  columns: ['What it means'],
  rows: [
    {
      name: 'A connection held open for each client that waits',
      cells: ['as many as with a stream, without its advantages'],
      here: 'GET /v1/poll waits for wait seconds, 30 at the most, and is no more than a cursor in the log meanwhile.',
    },
    {
      name: 'A request and a response each time',
      cells: ['all headers again for each batch of events'],
      here: 'What happens between two polls is sent in one batch; quotes and books are conflated in it.',
      measured: ['poll', 'head'],
    },
    {
      name: 'Awkward reconnection and errors',
      cells: ['code of the application, in each client'],
      here: 'The position of one answer is last of the next request: nothing is lost or repeated between two polls.',
    },
  ],
}
