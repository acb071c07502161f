// The sessions of orders.ts, in another process: each with an account and a connection of its own. Arguments: port,
// number of sessions. Prints a line when all are open; each line on stdin is a load, `{perSecond, ms}`, whose result is
// printed.
// Commands are sent when they are due, whatever was answered, and timed from when they were due.

import { createInterface } from 'node:readline'
import { percentile } from '../measure.ts'
import { openBenchAccount, RawChannel } from '../raw-channel.ts'

const [port, count] = process.argv.slice(2).map(Number) as [number, number]
/** So that the start of the sessions holds up nothing that is measured. */
const OPENED_AT_ONCE = 20
/** How long the last answers may take. */
const ANSWERS_MAX_MS = 5_000

/** The requestId of the first command of the load. */
let firstId = 1
/** When each command of the load was due; 0 once it is answered. */
let dueMs: Float64Array<ArrayBuffer> = new Float64Array(0)
let takenMs: number[] = []
let refused = 0

class BenchSession {
  readonly #channel: RawChannel
  readonly #order: object
  #resting: string | undefined

  constructor(channel: RawChannel, order: object) {
    this.#channel = channel
    this.#order = order
  }

  /** In turns an order far from the market, and its cancel. */
  send(requestId: number, clientOrderId: string): void {
    if (this.#resting === undefined) {
      this.#resting = clientOrderId
      this.#channel.send({ type: 'order.place', requestId, clientOrderId, ...this.#order })
      return
    }
    this.#channel.send({ type: 'order.cancel', requestId, origClientOrderId: this.#resting })
    this.#resting = undefined
  }
}

async function openSession(order: object): Promise<BenchSession> {
  const token = await openBenchAccount(port)
  const loggedOn = Promise.withResolvers<void>()
  const channel = await RawChannel.open(port, payload => {
    if (payload.includes('"requestId":"logon"')) loggedOn.resolve()
    else takeAnswer(payload)
  })
  channel.send({ type: 'logon', requestId: 'logon', token })
  await loggedOn.promise
  return new BenchSession(channel, order)
}

/** What is for the sender of a command comes after the fields of the private event. */
function takeAnswer(payload: Buffer): void {
  const at = payload.lastIndexOf('"requestId":')
  if (at < 0) return
  const requestId = Number.parseInt(payload.toString('latin1', at + 12), 10)
  // An answer to a command of the load before has a lower number.
  const index = requestId - firstId
  const due = dueMs[index]
  if (due === undefined || due === 0) return
  dueMs[index] = 0
  if (payload.includes('"type":"execution"')) takenMs.push(performance.now() - due)
  else refused++
}

async function load(sessions: readonly BenchSession[], perSecond: number, ms: number) {
  const total = Math.round((perSecond * ms) / 1_000)
  const run = Date.now().toString(36)
  firstId += dueMs.length
  dueMs = new Float64Array(total)
  takenMs = []
  refused = 0
  const startMs = performance.now() + 1
  let sent = 0
  await new Promise<void>(resolve => {
    const sendDue = () => {
      const nowMs = performance.now()
      for (; sent < total; sent++) {
        const due = startMs + (sent * 1_000) / perSecond
        if (due > nowMs) break
        dueMs[sent] = due
        sessions[sent % sessions.length]!.send(firstId + sent, `${run}-${sent}`)
      }
      if (sent < total) setTimeout(sendDue, 1)
      else resolve()
    }
    sendDue()
  })
  const endMs = performance.now() + ANSWERS_MAX_MS
  while (takenMs.length + refused < total && performance.now() < endMs) {
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  const seconds = (performance.now() - startMs) / 1_000
  const taken = Float64Array.from(takenMs)
  return {
    sent: total,
    answered: taken.length,
    refused,
    answeredPerSecond: taken.length / seconds,
    p50Ms: percentile(taken, 0.5),
    p99Ms: percentile(taken, 0.99),
  }
}

const { quotes } = (await (await fetch(`http://127.0.0.1:${port}/v1/quotes`)).json()) as {
  quotes: { symbol: string; bid: number | null }[]
}
const quoted = quotes.filter(({ bid }) => bid !== null)
const sessions: BenchSession[] = []
while (sessions.length < count) {
  const open = Array.from({ length: Math.min(OPENED_AT_ONCE, count - sessions.length) }, (_, n) => {
    const { symbol, bid } = quoted[(sessions.length + n) % quoted.length]!
    const terms = { side: 'buy', orderType: 'limit', size: 1, price: Math.floor(bid! * 0.97), timeInForce: 'GTC' }
    return openSession({ symbol, ...terms })
  })
  sessions.push(...(await Promise.all(open)))
}
console.log('open')
for await (const line of createInterface({ input: process.stdin })) {
  const { perSecond, ms } = JSON.parse(line) as { perSecond: number; ms: number }
  console.log(JSON.stringify(await load(sessions, perSecond, ms)))
}
