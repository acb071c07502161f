// A market maker over the order channel, with nothing but Node: node market-maker.mjs [SYMBOL] [URL]
const [symbol = 'VELTR', base = 'http://localhost:8080'] = process.argv.slice(2)
const SIZE = 10 // of a quote
const TARGET = 100 // the inventory that it holds
const LIMIT = 50 // how far from it before it hedges
const QUOTE_EVERY_MS = 500
const HEARTBEAT_MS = 5_000

const token = process.env.PAPERTAPE_TOKEN ?? (await openAccount())
const run = Date.now().toString(36)
let sent = 0
const pending = new Map() // commands without an answer, by requestId
const orders = new Map() // our open orders, by orderId
let position = 0
let quote // the best prices; undefined while they may be old
let socket
let sessionId
let nextSeq // the first private event that has not arrived
let liveFrom = Infinity // the account is known from this private event on
let lastArrivalMs = 0
let isStopping = false

connect()
setInterval(makeMarket, QUOTE_EVERY_MS)
setInterval(() => Date.now() - lastArrivalMs > 2 * HEARTBEAT_MS && socket.close(), 1_000)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop)

async function openAccount() {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${base}/v1/accounts`, { method: 'POST', headers, body: '{}' })
  return (await answer.json()).token
}

function connect() {
  lastArrivalMs = Date.now()
  socket = new WebSocket(`${base.replace(/^http/, 'ws')}/v1/socket`, 'papertape.v1')
  // If we crash, our quotes are canceled after ten seconds.
  const guard = { cancelOnDisconnect: 'connection', graceMs: 10_000 }
  socket.onopen = () => send({ type: 'logon', token, sessionId, nextSeq, heartbeatMs: HEARTBEAT_MS, ...guard })
  socket.onmessage = ({ data }) => receive(JSON.parse(data))
  socket.onclose = ({ code, reason }) => {
    if (code === 4401 || code === 4409) throw new Error(`closed for good: ${code} ${reason}`)
    quote = undefined
    liveFrom = Infinity
    setTimeout(connect, 500 + Math.random() * 1_000)
  }
}

function send(message) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

const isLive = () => nextSeq >= liveFrom

/** Pending until it is answered. Sent again under the same clientOrderId it has no second effect. */
function command(message) {
  const requestId = ++sent
  pending.set(requestId, { ...message, requestId })
  if (isLive()) send(pending.get(requestId))
}

function receive(message) {
  lastArrivalMs = Date.now()
  const wasLive = isLive()
  if (message.type === 'logon.ok') {
    sessionId = message.sessionId
    liveFrom = message.lastSeq + 1
  } else if (message.type === 'account.snapshot') {
    nextSeq = message.seq + 1
    orders.clear()
    for (const order of message.orders) orders.set(order.orderId, order)
    position = message.positions.find(held => held.symbol === symbol)?.size ?? 0
  } else if (message.type === 'event' && message.event === 'quote') quote = message.data
  else if (message.type === 'heartbeat' && message.lastSeq >= nextSeq)
    socket.close() // some events are missing
  else if (message.seq !== undefined && !message.duplicate) applyPrivate(message)
  // An error with retryMs refuses it for now.
  if (pending.has(message.requestId)) {
    if (message.retryMs === undefined) pending.delete(message.requestId)
    else setTimeout(() => isLive() && send(pending.get(message.requestId) ?? { type: 'ping' }), message.retryMs)
  }
  if (isLive() && !wasLive) {
    for (const unanswered of pending.values()) send(unanswered)
    send({ type: 'subscribe', subscription: 'quotes', symbols: [symbol], events: ['quote'], maxHz: 5 })
  }
}

/** Each private event once, in order. */
function applyPrivate(event) {
  if (event.seq < nextSeq) return
  if (event.seq > nextSeq) return socket.close()
  nextSeq++
  if (event.type === 'position' && event.symbol === symbol) position = event.size
  if (event.type !== 'execution') return
  if (['new', 'partiallyFilled'].includes(event.orderStatus)) orders.set(event.orderId, event)
  else orders.delete(event.orderId)
}

function makeMarket() {
  // One step at a time: what is pending may change everything.
  if (isStopping || !isLive() || pending.size > 0 || quote?.bid == null || quote.ask == null) return
  const excess = position - TARGET
  if (Math.abs(excess) > LIMIT) {
    place({ side: excess > 0 ? 'sell' : 'buy', orderType: 'market', size: Math.abs(excess), timeInForce: 'IOC' })
    return
  }
  const own = [...orders.values()]
  for (const [side, price] of [
    ['buy', quote.bid],
    ['sell', quote.ask],
  ]) {
    const order = own.find(open => open.side === side)
    const clientOrderId = `${run}-${sent + 1}`
    if (order === undefined) place({ side, orderType: 'limit', size: SIZE, price, postOnly: true })
    else if (order.price !== price) {
      command({ type: 'order.replace', clientOrderId, origClientOrderId: order.clientOrderId, price })
    }
  }
}

function place(terms) {
  command({ type: 'order.place', clientOrderId: `${run}-${sent + 1}`, symbol, ...terms })
}

function stop() {
  isStopping = true
  command({ type: 'order.cancelAll' })
  setInterval(() => {
    if (!isLive() || pending.size > 0) return
    console.log(JSON.stringify({ position, orders: orders.size }))
    process.exit()
  }, 50)
}
