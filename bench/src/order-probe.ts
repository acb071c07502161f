// One session that places and cancels orders, to measure how long an acknowledgement takes. Used by the benchmarks that
// load the server with something else meanwhile.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** A slower request counts as this. */
const TIMEOUT_MS = 20_000

export interface OrderProbe {
  /** Places an order and cancels it: milliseconds to the acknowledgement of the placement. */
  measure(): Promise<number>
  close(): void
}

export async function openOrderProbe(url: string): Promise<OrderProbe> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  const { token } = (await (await fetch(`${url}/v1/accounts`, post)).json()) as { token: string }
  const { quotes } = (await (await fetch(`${url}/v1/quotes`)).json()) as {
    quotes: { symbol: string; bid: number | null }[]
  }
  const { symbol, bid } = quotes.find(quote => quote.bid !== null)!
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, 'papertape.v1')
  const waiting = new Map<number, () => void>()
  socket.addEventListener('message', ({ data }) => {
    const { requestId } = JSON.parse(data) as { requestId?: number }
    waiting.get(requestId ?? 0)?.()
  })
  await once(socket, 'open')
  let lastRequest = 0
  const request = async (message: object): Promise<number> => {
    const requestId = ++lastRequest
    const startMs = performance.now()
    const acknowledged = new Promise<void>(resolve => waiting.set(requestId, resolve))
    socket.send(JSON.stringify({ ...message, requestId }))
    await Promise.race([acknowledged, sleep(TIMEOUT_MS, undefined, { ref: false })])
    waiting.delete(requestId)
    return performance.now() - startMs
  }
  await request({ type: 'logon', token })
  const order = { side: 'buy', orderType: 'limit', size: 1, price: Math.floor(bid! * 0.97), timeInForce: 'GTC' }
  return {
    async measure() {
      const clientOrderId = `bench-${lastRequest}`
      const ms = await request({ type: 'order.place', clientOrderId, symbol, ...order })
      await request({ type: 'order.cancel', origClientOrderId: clientOrderId })
      return ms
    },
    close: () => socket.close(),
  }
}
