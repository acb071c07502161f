// The flood of orders.ts, in another process: one account that sends as fast as its connections take it, and connects
// again when it is closed for that. Argument: port. Runs until it is killed.

import { openBenchAccount, RawChannel } from '../raw-channel.ts'

const port = Number(process.argv[2])
const CONNECTIONS = 5
const BATCH = 100
const BATCH_EVERY_MS = 20

const token = await openBenchAccount(port)
const ORDER = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10, timeInForce: 'IOC' }
let sent = 0
const flood = async () => {
  for (;;) {
    const channel = await RawChannel.open(port, () => {}).catch(() => undefined)
    channel?.send({ type: 'logon', token })
    while (channel?.isClosed === false) {
      for (let n = 0; n < BATCH; n++) channel.send({ type: 'order.place', clientOrderId: `flood-${++sent}`, ...ORDER })
      await new Promise(resolve => setTimeout(resolve, BATCH_EVERY_MS))
    }
    await new Promise(resolve => setTimeout(resolve, BATCH_EVERY_MS))
  }
}
console.log('open')
await Promise.all(Array.from({ length: CONNECTIONS }, flood))
