// A room of fifty beside orders: everyone receives every message in one order, and each order is acknowledged while
// the room talks. How long orders take beside a thousand members is measured by `npm run bench -- rooms`.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type Channel, logOn, openAccount } from '../support/channel.ts'
import { startServer } from '../support/server.ts'

const MEMBERS = 50
const MESSAGES = 50
const ORDERS = 40
const SYMBOL = 'VELTR'

it(`a room of ${MEMBERS} members brings each message to all while orders are acknowledged`, async test => {
  const server = await startServer({ flags: ['--symbols', '2', '--account-burst', '0'] })
  test.after(() => server.dispose())
  const open = async (): Promise<Channel> => {
    const { channel } = await logOn(server.url, (await openAccount(server.url)).token)
    test.after(() => channel.socket.terminate())
    return channel
  }
  const members = await Promise.all(Array.from({ length: MEMBERS }, open))
  const trader = await open()
  await Promise.all(members.map(member => member.ask({ type: 'room.join', room: 'floor' })))

  const said = Array.from({ length: MESSAGES }, (_, index) =>
    members[index % MEMBERS]!.ask({ type: 'room.message', room: 'floor', text: `${index}` }),
  )
  const order = { type: 'order.place', symbol: SYMBOL, side: 'buy', orderType: 'limit', size: 1, price: 1 }
  for (let number = 0; number < ORDERS; number++) {
    assert.equal((await trader.ask({ ...order, clientOrderId: `c${number}` })).execType, 'new')
  }
  for (const answer of await Promise.all(said)) assert.equal(answer.type, 'ack')
  for (const { until, messages } of members) {
    await until(({ type, messageId }) => type === 'room.message' && messageId === MESSAGES)
    const ids = messages.flatMap(({ type, messageId }) => (type === 'room.message' ? [messageId] : []))
    assert.deepEqual(
      ids,
      Array.from({ length: MESSAGES }, (_, index) => index + 1),
    )
  }
})
