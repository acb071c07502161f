// An exhibit: two comparison tables, of the transports and of the HTTP versions.

import css from './tables.module.css'

const TRANSPORTS = {
  head: ['', 'REST', 'Server-Sent Events', 'WebSocket', 'Long polling'],
  rows: [
    ['Direction', 'request and response', 'server to client', 'both ways, at any time', 'request and delayed response'],
    [
      'Protocol',
      'HTTP',
      'HTTP, one response that stays open',
      'its own, after an HTTP upgrade',
      'HTTP, one request after the other',
    ],
    [
      'After a disconnect',
      'send the request again',
      'the browser reconnects with the last event ID',
      'application code: backoff, logon, resume',
      'the next poll carries the position',
    ],
    ['Payload', 'any', 'UTF-8 text', 'text and binary', 'any'],
    ['Cross-origin', 'CORS', 'CORS', 'the server checks Origin', 'CORS'],
    ['Proxies', 'no problem', 'buffering proxies delay it', 'some refuse the upgrade', 'no problem'],
    [
      'Cost',
      'one request per update',
      'one open connection',
      'state on both ends, harder to scale',
      'one request per event',
    ],
    [
      'Best for',
      'data that rarely changes',
      'tickers, news, progress',
      'trading, chat, games',
      'networks that pass neither streams nor upgrades',
    ],
  ],
} as const

const VERSIONS = {
  head: ['', 'HTTP/1.1', 'HTTP/2', 'HTTP/3'],
  rows: [
    ['Year, transport', '1997, TCP', '2015, TCP', '2022, QUIC over UDP'],
    [
      'Concurrency per origin',
      'six connections in a browser, one request each at a time',
      'many streams on one connection',
      'many independent streams',
    ],
    ['A lost packet stalls', 'one connection', 'every stream', 'one stream'],
    ['Headers', 'plain text', 'compressed (HPACK)', 'compressed (QPACK)'],
    ['Encryption', 'optional', 'always, in practice', 'always'],
    ['Server push', 'no', 'specified, browsers dropped it', 'specified, not used'],
    ['Survives a network change', 'no', 'no', 'yes, by connection ID'],
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

export function TablesExhibit() {
  return (
    <div className={css.tables}>
      <Table caption="Transports" table={TRANSPORTS} />
      <Table caption="HTTP versions" table={VERSIONS} />
    </div>
  )
}
