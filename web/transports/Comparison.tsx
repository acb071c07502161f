// The documents' two tables in our words: the transports beside each other, the HTTP versions beside each other.

import css from './transports.module.css'

const TRANSPORTS = {
  head: ['', 'REST', 'Server-Sent Events', 'WebSocket', 'Long polling'],
  rows: [
    [
      'Who speaks',
      'the client asks, the server answers',
      'the server',
      'both, at any time',
      'the client asks, the server answers late',
    ],
    [
      'Protocol',
      'HTTP',
      'HTTP, one response that stays open',
      'its own, after an HTTP upgrade',
      'HTTP, one request after the other',
    ],
    [
      'After a break',
      'ask again',
      'comes back by itself, from its last event id',
      'code of ours: backoff, logon, resume',
      'the next poll says where it was',
    ],
    ['Payload', 'anything', 'UTF-8 text', 'text and binary', 'anything'],
    ['Other origins', 'CORS', 'CORS', 'the server checks Origin', 'CORS'],
    [
      'On the way',
      'plain HTTP',
      'plain HTTP; buffering proxies hold it up',
      'some proxies refuse the upgrade',
      'plain HTTP',
    ],
    [
      'Costs',
      'a request for each look',
      'one open connection',
      'state on both ends, hard to move',
      'a request and an answer for each event',
    ],
    [
      'Best for',
      'what has been',
      'tickers, news, progress',
      'trading, chat, games',
      'where neither stream nor upgrade passes',
    ],
  ],
} as const

const VERSIONS = {
  head: ['', 'HTTP/1.1', 'HTTP/2', 'HTTP/3'],
  rows: [
    ['Since, over', '1997, TCP', '2015, TCP', '2022, QUIC over UDP'],
    [
      'Streams to one origin',
      'six connections in a browser, one request each at a time',
      'many streams on one connection',
      'many streams, each lost and mended alone',
    ],
    ['One lost packet stalls', 'one connection', 'every stream', 'one stream'],
    ['Headers', 'text, each time', 'HPACK: repeated ones once', 'QPACK'],
    ['Encryption', 'optional', 'always, in practice', 'always'],
    ['Server push', 'no', 'in the text, dead in practice', 'no'],
    ['Moves between networks', 'no', 'no', 'yes, by connection id'],
  ],
} as const

interface TableProps {
  readonly caption: string
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
}

function Table({ caption, table }: TableProps) {
  const [, ...columns] = table.head
  return (
    <table className={css.compare}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <td />
          {columns.map(name => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, at) => (
              <td key={columns[at]} data-column={columns[at]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function Comparison() {
  return (
    <>
      <Table caption="The transports" table={TRANSPORTS} />
      <Table caption="The HTTP versions beneath them" table={VERSIONS} />
    </>
  )
}
