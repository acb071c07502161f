// kill -9 under load, repeatedly, while three accounts trade as fast as they may: what clients received before still
// holds afterwards, and every stream goes on without a gap and without a repeat. The journal is the oracle.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it, type TestContext } from 'node:test'
import tls from 'node:tls'
import { within } from '@papertape/protocol/testing/within'
import { type Channel, type ChannelMessage, logOn, openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { asStreamed, assertWhole, privateEvents } from '../support/private-stream.ts'
import { createRandom, type TestRandom } from '../support/random.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, runServer, startServer } from '../support/server.ts'
import { openStream, type StreamMessage, type StreamReader } from '../support/stream.ts'
import { changeEvent, readEvents } from './journal-events.ts'

const KILLS = 3
const TRADERS = 3
/** Within the burst that a connection may send at once. */
const COMMANDS_A_LIFE = 90
const MARKET = ['--symbols', '2']
const SYMBOLS = ['VELTR', 'NIMBR']
const RAW = 'mode=raw&events=quote,trade,book,candle,status,news'
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)

it(`keeps what it has answered through ${KILLS} kills under load (seed ${SEED})`, async test => {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/recovery/kill.test.ts`)
  const random = createRandom(SEED)
  const server = await startServer({ flags: ['--pace', '10x', ...MARKET] })
  test.after(() => server.dispose())
  await untilTrading(server.url, SYMBOLS[1]!)
  const traders = await Promise.all(Array.from({ length: TRADERS }, () => Trader.open(server.url)))
  const feed = new FeedFollower(server.url)

  for (let kill = 0; kill < KILLS; kill++) {
    await feed.connect()
    await Promise.all(traders.map(trader => trader.connect()))
    const answered = untilAnswered(traders, 10 + random.below(230))
    for (const trader of traders) trader.trade(random, COMMANDS_A_LIFE)
    await answered
    await server.kill('SIGKILL')
    await feed.disconnected()
    await Promise.all(traders.map(trader => trader.disconnected()))
    await server.restart()
  }

  const lost = traders.reduce((sum, { unanswered }) => sum + unanswered, 0)
  test.diagnostic(`${lost} commands were cut off before their answer`)
  await feed.connect()
  await feed.follow(200)
  for (const trader of traders) {
    await trader.connect()
    await trader.askAgainWhatWasNotAnswered()
    await trader.checkByRest(server.url)
    await trader.disconnect()
    assertWhole(trader.events, trader.firstSeq)
  }
  await server.kill('SIGKILL')
  await feed.disconnected()
  assert.equal(feed.epochs.size, 1, 'one epoch through every restart')
  const seqs = feed.events.map(({ data }) => data.seq)
  assert.ok(seqs.length > 500, `only ${seqs.length} events: too little was tested`)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => seqs[0] + index),
    'the raw stream: no hole, no repeat',
  )

  // The tables have everything only after an orderly end.
  await server.restart()
  await server.kill('SIGTERM')
  const db = new DatabaseSync(journalOf(server))
  for (const { accountId, events } of traders) {
    assert.ok(events.some(({ execType }) => execType === 'fill'))
    const rows = db.prepare('SELECT data FROM private_events WHERE account = ? ORDER BY seq').all(accountId)
    const kept = rows.map(({ data }) => JSON.parse(data as string))
    const first = events[0].seq - kept[0].seq
    assert.deepEqual(events, kept.slice(first, first + events.length))
  }
  db.close()
})

it('replays its journal with --verify, reports the event that differs, and refuses to start on that journal', async test => {
  const server = await startServer({ flags: ['--pace', '10x', ...MARKET] })
  test.after(() => server.dispose())
  const verify = () => runServer(['--verify', '--data', server.dataFolder, ...MARKET])
  await untilTrading(server.url, SYMBOLS[0]!)
  const { token } = await openAccount(server.url)
  const order = { clientOrderId: 'v', symbol: SYMBOLS[0], side: 'buy', orderType: 'market', size: 50 }
  assert.equal((await call(server.url, 'POST /v1/orders', { token, body: order })).status, 201)
  assert.equal(await server.kill('SIGTERM'), 0)

  const clean = await verify()
  assert.deepEqual([clean.code, clean.stderr], [0, ''])
  const hash = /^state (\S+)$/m.exec(clean.stdout)?.[1]
  const newest = 'SELECT hash, seq FROM checkpoints ORDER BY number DESC LIMIT 1'
  const checkpoint = query(server, newest)
  assert.equal(hash, checkpoint.hash, 'the state that it closed with')
  assert.match(clean.stdout, new RegExp(`every event up to ${checkpoint.seq} `))

  await server.restart()
  await untilTrading(server.url, SYMBOLS[0]!)
  await server.kill('SIGKILL')
  const afterKill = await verify()
  assert.equal(afterKill.code, 0, afterKill.stderr)

  // A start replays what comes after the newest checkpoint.
  query(server, 'DELETE FROM checkpoints WHERE number = (SELECT max(number) FROM checkpoints) RETURNING number')
  const { seq } = readEvents(journalOf(server)).findLast(({ event }) => event === 'trade')!
  changeEvent(journalOf(server), seq, line => line.replace('"size":', '"size":1'))
  for (const flags of [['--verify'], ['--port', '0', '--tls-port', '0']]) {
    const { code, stderr } = await runServer([...flags, '--data', server.dataFolder, ...MARKET])
    assert.equal(code, 1, flags.join(' '))
    assert.match(stderr, new RegExp(`^papertape: [^\\n]*event ${seq} [^\\n]*\\n$`), 'one line that names it')
  }
})

it('cancels after a kill the orders that lost sessions had guarded with cancel on disconnect', async test => {
  const server = await startServer({ flags: MARKET })
  test.after(() => server.dispose())
  const far = { symbol: SYMBOLS[0], side: 'buy', orderType: 'limit', size: 1, price: 1 }
  const tokens: string[] = []
  for (const cancelOnDisconnect of ['none', 'connection', 'account', 'account']) {
    const { token } = await openAccount(server.url)
    tokens.push(token)
    await call(server.url, 'POST /v1/orders', { token, body: { ...far, clientOrderId: 'by-rest' } })
    const { channel } = await logOn(server.url, token, { cancelOnDisconnect })
    await channel.ask({ type: 'order.place', ...far, clientOrderId: 'here' })
    if (tokens.length === 4) await channel.ask({ type: 'logout' })
  }
  await server.kill('SIGKILL')
  await server.restart()
  const open = await Promise.all(
    tokens.map(async token => {
      const { orders } = (await call(server.url, 'GET /v1/account', { token })).body
      return orders.map(({ clientOrderId }: ChannelMessage) => clientOrderId).sort()
    }),
  )
  assert.deepEqual(open, [['by-rest', 'here'], ['by-rest'], [], ['by-rest', 'here']])
})

describe('two servers, and the end of one', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--pace', '10x', ...MARKET] })
  })
  after(() => server.dispose())

  it('do not open the same folder; the first continues', async test => {
    for (const more of [[], ['--fresh'], ['--repair']]) {
      const ports = ['--port', '0', '--tls-port', '0']
      const { code, stdout, stderr } = await runServer([...ports, ...more, '--data', server.dataFolder, ...MARKET])
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, /^papertape: the data folder is in use[^\n]*--data\n$/)
    }
    const verified = await runServer(['--verify', '--data', server.dataFolder, ...MARKET])
    assert.deepEqual([verified.code, verified.stderr], [0, ''], 'looking is allowed')
    const reader = await openStream(`${server.url}/v1/stream?events=trade`)
    test.after(() => reader.cut())
    await reader.until(({ event }) => event === 'trade')
  })

  it('close sessions on SIGTERM, exit with 0, and resume after a restart', async test => {
    const { token } = await openAccount(server.url)
    const reader = await openStream(`${server.url}/v1/stream?${RAW}`)
    const { channel } = await logOn(server.url, token, { sessionId: 'desk' })
    const secure = await logOn(server.secureUrl, token)
    const rests = { clientOrderId: 'rests', symbol: SYMBOLS[0], side: 'buy', orderType: 'limit', size: 5, price: 10 }
    const { orderId } = await channel.ask({ type: 'order.place', ...rests })
    await reader.until(({ data }) => data.seq > 0)

    assert.equal(await server.kill('SIGTERM'), 0)
    await within(reader.ended, 'the end of the stream')
    const drain = reader.messages.at(-1)!
    assert.equal(drain.event, 'drain')
    assert.ok(drain.data.retryMs > 0)
    for (const { closed, messages } of [channel, secure.channel]) {
      assert.equal((await closed).code, 1001)
      const notice = messages.at(-1)
      assert.deepEqual([notice.type, notice.code], ['notice', 'closing'])
      assert.ok(notice.retryMs > 0)
    }

    await server.restart()
    const resumed = await openStream(`${server.url}/v1/stream?${RAW}`, reader.lastEventId)
    test.after(() => resumed.cut())
    const next = await resumed.until(({ event }) => event !== 'hello')
    const [epoch, seq] = reader.lastEventId.split('-')
    assert.equal(next.id, `${epoch}-${Number(seq) + 1}`)
    const kept = await call(server.url, `GET /v1/orders/${orderId}`, { token })
    assert.deepEqual([kept.body.clientOrderId, kept.body.orderStatus], ['rests', 'new'])
    const again = await call(server.url, 'POST /v1/orders', { token, body: rests })
    assert.deepEqual([again.status, again.body.duplicate, again.body.orderId], [200, true, orderId])
  })

  it('end although peers are idle or do not read', async test => {
    const { channel } = await logOn(server.url, (await openAccount(server.url)).token)
    // Neither reads the close frame nor what is streamed.
    channel.socket.pause()
    const deaf = await deafReader(test, `${server.url}/v1/stream?${RAW}`)
    const idle = await idleTls(test, server.secureUrl)
    const startedMs = performance.now()
    assert.equal(await server.kill('SIGTERM'), 0)
    assert.ok(performance.now() - startedMs < 8_000, `it took ${Math.round(performance.now() - startedMs)} ms`)
    deaf.destroy()
    idle.destroy()
    channel.socket.terminate()
  })
})

/** An account that trades without waiting, and remembers all that it received. */
class Trader {
  readonly accountId: string
  readonly #url: string
  readonly #token: string
  /** Its private stream over all connections, in the order received. */
  readonly events: ChannelMessage[] = []
  firstSeq = 0
  #channel: Channel | undefined
  /** What was sent, by its requestId; deleted when it has been answered. */
  readonly #unanswered = new Map<string, { type: string; clientOrderId?: string }>()
  readonly #answers: ChannelMessage[] = []
  #sent = 0

  constructor(url: string, accountId: string, token: string) {
    this.#url = url
    this.accountId = accountId
    this.#token = token
  }

  static async open(url: string): Promise<Trader> {
    const { accountId, token } = await openAccount(url)
    return new Trader(url, accountId, token)
  }

  /** Commands without an answer. */
  get unanswered(): number {
    return this.#unanswered.size
  }

  /** Answers received on this connection. */
  get answersHere(): number {
    return this.#channel!.messages.filter(({ requestId }) => this.#unanswered.has(requestId)).length
  }

  onMessage(listener: () => void): void {
    this.#channel!.socket.on('message', listener)
  }

  async connect(): Promise<void> {
    const nextSeq = this.events.length === 0 ? undefined : this.events.at(-1).seq + 1
    const { channel, logon } = await logOn(this.#url, this.#token, { sessionId: 'bot', nextSeq })
    assert.equal(logon.type, 'logon.ok')
    if (nextSeq === undefined) this.firstSeq = logon.lastSeq + 1
    else assert.equal(logon.resumed, true)
    this.#channel = channel
    if (nextSeq !== undefined) return
    this.#send(FIRST_ORDER)
    await channel.until(({ execType }) => execType === 'fill')
  }

  /** Sends commands of all kinds, one after the other, without waiting. */
  trade(random: TestRandom, commands: number): void {
    for (let n = 0; n < commands; n++) {
      const clientOrderId = `o${++this.#sent}`
      const place = { type: 'order.place', clientOrderId, symbol: SYMBOLS[random.below(2)], side: 'buy' }
      const orig = { origClientOrderId: `o${1 + random.below(this.#sent)}` }
      const command = [
        { ...place, orderType: 'market', size: 1 + random.below(20) },
        { ...place, side: 'sell', orderType: 'market', size: 1 + random.below(5) },
        { ...place, orderType: 'limit', size: 1 + random.below(9), price: 10 + random.below(5) },
        { ...place, orderType: 'limit', size: 1, price: 10.001 },
        { type: 'order.replace', clientOrderId, ...orig, size: 1 + random.below(9) },
        { type: 'order.cancel', ...orig },
      ][random.below(6)]!
      this.#send(command)
    }
  }

  /** The connection is closed: its messages are added to those of earlier connections. */
  async disconnected(): Promise<void> {
    const channel = this.#channel!
    assert.ok([1006, 1005, 1000].includes((await channel.closed).code))
    this.events.push(...privateEvents(channel.messages).map(asStreamed))
    for (const message of channel.messages) {
      if (!this.#unanswered.delete(message.requestId)) continue
      this.#answers.push(message)
    }
  }

  async disconnect(): Promise<void> {
    this.#channel!.socket.terminate()
    await this.disconnected()
  }

  /** The outcome of these is unknown after a lost connection: sent again, each is executed once. */
  async askAgainWhatWasNotAnswered(): Promise<void> {
    const orders = [...this.#unanswered.values()].filter(({ type }) => type === 'order.place')
    // No more than a connection may send at once.
    for (const order of orders.slice(-COMMANDS_A_LIFE)) {
      const { execType } = await this.#channel!.ask(order)
      assert.match(execType, /new|rejected/)
    }
    const again = await this.#channel!.ask({ ...FIRST_ORDER, size: 1 })
    const first = this.#answers.find(({ clientOrderId }) => clientOrderId === FIRST_ORDER.clientOrderId)
    assert.deepEqual(asStreamed(again), asStreamed(first), 'the first answer, from before the kills')
    assert.equal(again.duplicate, true)
  }

  /** Everything that was acknowledged exists, each order once. */
  async checkByRest(url: string): Promise<void> {
    const token = this.#token
    const { orders } = (await call(url, 'GET /v1/orders?limit=1000', { token })).body
    const byId = new Map<string, ChannelMessage>(orders.map((order: ChannelMessage) => [order.orderId, order]))
    assert.equal(byId.size, orders.length)
    const placed = this.#answers.filter(({ execType }) => execType === 'new')
    assert.ok(placed.length > 0)
    for (const { orderId, symbol } of placed) {
      const order = byId.get(orderId)
      assert.ok(order !== undefined, `order ${orderId} was acknowledged`)
      assert.equal(order.symbol, symbol)
    }
    const fills = new Map<number, ChannelMessage>()
    for (let after = 0, page = -1; page !== 0; ) {
      const { body } = await call(url, `GET /v1/fills?after=${after}`, { token })
      page = body.after - after
      after = body.after
      for (const fill of body.fills) fills.set(fill.seq, fill)
    }
    const received: ChannelMessage[] = this.events.filter(
      ({ execType }) => execType === 'partialFill' || execType === 'fill',
    )
    for (const fill of received) assert.deepEqual(fills.get(fill.seq), fill)
    const { positions } = (await call(url, 'GET /v1/positions', { token })).body
    const held = positions.reduce((sum: number, { size }: { size: number }) => sum + size, 0)
    const all = [...fills.values()].reduce(
      (sum, { side, lastSize }) => sum + (side === 'buy' ? lastSize : -lastSize),
      0,
    )
    assert.equal(held, all, 'the position is the sum of the fills')
  }

  #send(command: { type: string; clientOrderId?: string }): void {
    const requestId = `q${this.#sent}`
    this.#unanswered.set(requestId, command)
    this.#channel!.send({ ...command, requestId })
  }
}

/** Filled before the first kill, so that each account has a position. */
const FIRST_ORDER = {
  type: 'order.place',
  clientOrderId: 'o0',
  symbol: SYMBOLS[0]!,
  side: 'buy',
  orderType: 'market',
  size: 30,
}

function untilAnswered(traders: readonly Trader[], count: number): Promise<void> {
  const answered = new Promise<void>(resolve => {
    const look = () => {
      if (traders.reduce((sum, { answersHere }) => sum + answersHere, 0) >= count) resolve()
    }
    for (const trader of traders) trader.onMessage(look)
  })
  return within(answered, `${count} answers`, 60_000)
}

/** A raw reader of all events that resumes at its last position. */
class FeedFollower {
  readonly epochs = new Set<string>()
  readonly events: StreamMessage[] = []
  readonly #url: string
  #reader: StreamReader | undefined
  #position = ''

  constructor(url: string) {
    this.#url = `${url}/v1/stream?${RAW}`
  }

  async connect(): Promise<void> {
    this.#reader = await openStream(this.#url, this.#position)
    const hello = await this.#reader.until(({ event }) => event === 'hello')
    this.epochs.add(hello.data.epoch)
  }

  async follow(count: number): Promise<void> {
    const { messages, until } = this.#reader!
    await until(() => messages.length >= count)
  }

  async disconnected(): Promise<void> {
    const reader = this.#reader!
    await within(reader.ended, 'the end of the stream')
    assert.equal(
      reader.messages.some(({ event }) => event === 'reset'),
      false,
    )
    this.events.push(...reader.messages.filter(({ data }) => data.seq !== undefined))
    if (reader.lastEventId !== '') this.#position = reader.lastEventId
  }
}

function journalOf({ dataFolder }: RunningServer): string {
  return join(dataFolder, 'simulated-1-2', 'journal.sqlite')
}

/** Asks for a stream and never reads it. */
async function deafReader(test: TestContext, url: string): Promise<net.Socket> {
  const { port, hostname, pathname, search } = new URL(url)
  const socket = net.connect(Number(port), hostname)
  test.after(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`)
  await within(once(socket, 'readable'), 'an answer')
  return socket
}

/** An open connection without a request, as browsers preconnect. */
async function idleTls(test: TestContext, url: string): Promise<tls.TLSSocket> {
  const { port, hostname } = new URL(url)
  const socket = tls.connect({
    port: Number(port),
    host: hostname,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  })
  test.after(() => socket.destroy())
  socket.on('error', () => {})
  await within(once(socket, 'secureConnect'), 'the handshake')
  return socket
}

/** The first row of a statement on the journal of a server that does not run. */
function query(server: RunningServer, statement: string): ChannelMessage {
  const db = new DatabaseSync(journalOf(server))
  const row = db.prepare(statement).get()
  db.close()
  return row
}
