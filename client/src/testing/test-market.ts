// A feed over real sockets that keeps the contract: a log of trades, which are never conflated, and of quotes and
// books, which are, with /v1/stream and /v1/poll. For tests only.

import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { encodeSse, parsePosition } from '@papertape/protocol'
import { json, type RequestHandler, startBadServer, stream } from './bad-server.ts'

interface LogEntry {
  readonly seq: number
  readonly event: 'trade' | 'quote' | 'book'
  readonly symbol: string
  readonly prevSeq: number
}

interface Reader {
  readonly url: URL
  readonly response: ServerResponse
}

export async function startTestMarket(t: TestContext, symbols: readonly string[]) {
  let epoch = 'mkt1'
  let known = symbols
  let log: LogEntry[] = []
  let readers: Reader[] = []
  let streamsOpened = 0
  let answersPolls = true
  const id = (seq: number) => `${epoch}-${seq}`
  const head = () => log.length

  const booksOf = (url: URL): readonly string[] => {
    if (!url.searchParams.get('events')?.includes('book')) return []
    return url.searchParams.get('books')?.split(',') ?? known
  }
  const takes = (url: URL, { event, symbol }: LogEntry) => event !== 'book' || booksOf(url).includes(symbol)
  const lastBook = (symbol: string) =>
    log.findLast(entry => entry.event === 'book' && entry.symbol === symbol)?.seq ?? 0
  const snapshotOf = (url: URL) => ({
    id: id(head()),
    instruments: known.map(symbol => ({
      symbol,
      ...(booksOf(url).includes(symbol) ? { book: { seq: lastBook(symbol), bids: [], asks: [], checksum: 0 } } : {}),
    })),
  })
  const dataOf = ({ seq, symbol, prevSeq }: LogEntry) => ({ seq, symbol, prevSeq })
  const isConflated = ({ event }: LogEntry) => event !== 'trade'
  const frameOf = (entry: LogEntry) =>
    encodeSse({
      ...(isConflated(entry) ? {} : { id: id(entry.seq) }),
      event: entry.event,
      data: JSON.stringify(dataOf(entry)),
    })
  const control = (event: string, data: object, at?: string) =>
    encodeSse({ ...(at === undefined ? {} : { id: at }), event, data: JSON.stringify(data) })
  const helloOf = () =>
    control('hello', { epoch, head: head(), oldest: 1, serverTime: 1, heartbeatMs: 15_000, symbols: known })
  const resetOf = (requested: string) => ({ reason: 'epoch', requested, epoch, oldest: 1, head: head() })

  function openStream(url: URL, response: ServerResponse): void {
    streamsOpened++
    stream(response).write(helloOf())
    const last = url.searchParams.get('last')
    if (last !== null) {
      const position = parsePosition(last)
      if (position?.epoch !== epoch) response.write(control('reset', resetOf(last)))
      else
        for (const entry of log.slice(position.seq)) {
          if (!isConflated(entry)) response.write(frameOf(entry))
        }
    }
    const snapshot = snapshotOf(url)
    response.write(control('snapshot', snapshot, snapshot.id))
    const reader = { url, response }
    readers.push(reader)
    response.on('close', () => {
      readers = readers.filter(other => other !== reader)
    })
  }

  function answerPoll(url: URL, response: ServerResponse): void {
    const last = url.searchParams.get('last')
    const now = { last: id(head()), events: [] }
    const position = parsePosition(last ?? '')
    if (last === null) json(response, 200, { ...now, snapshot: snapshotOf(url) })
    else if (position?.epoch !== epoch) {
      json(response, 200, { ...now, reset: resetOf(last), snapshot: snapshotOf(url) })
    } else {
      const missed = log.slice(position.seq).filter(entry => takes(url, entry))
      const frames = [...missed.filter(entry => !isConflated(entry)), ...missed.filter(isConflated)]
      const events = frames.map(entry => ({
        ...(isConflated(entry) ? {} : { id: id(entry.seq) }),
        event: entry.event,
        data: dataOf(entry),
      }))
      json(response, 200, { ...now, events })
    }
  }

  const answer: RequestHandler = (url, response) => {
    const unknown = [...(url.searchParams.get('books')?.split(',') ?? [])].filter(symbol => !known.includes(symbol))
    if (unknown.length > 0) {
      json(response, 400, { code: 'unknown-symbol', detail: `There is no ${unknown}; there are ${known}` })
    } else if (url.pathname === '/v1/stream') openStream(url, response)
    else if (answersPolls) answerPoll(url, response)
    else json(response, 503, { code: 'busy', detail: 'Later' })
  }
  const server = await startBadServer(t, answer)

  return {
    baseUrl: server.baseUrl,
    requests: server.requests,
    id,
    get head() {
      return head()
    },
    /** Their sequence numbers. */
    get trades() {
      return log.filter(({ event }) => event === 'trade').map(({ seq }) => seq)
    },
    get streams() {
      return readers.length
    },
    get streamsOpened() {
      return streamsOpened
    },
    streamUrls: () => readers.map(({ url }) => url),
    polls: () => server.requests.filter(({ pathname }) => pathname === '/v1/poll'),
    publish(event: LogEntry['event'], symbol: string): void {
      const entry = { seq: log.length + 1, event, symbol, prevSeq: event === 'book' ? lastBook(symbol) : 0 }
      log.push(entry)
      for (const { url, response } of readers) if (takes(url, entry)) response.write(frameOf(entry))
    },
    cut(): void {
      for (const { response } of readers) response.destroy()
    },
    refusePolls(refuses: boolean): void {
      answersPolls = !refuses
    },
    /** Another market at the same address; all connections are cut. */
    replace(nextEpoch: string, nextSymbols: readonly string[]): void {
      epoch = nextEpoch
      known = nextSymbols
      log = []
      for (const { response } of readers) response.destroy()
    },
  }
}
