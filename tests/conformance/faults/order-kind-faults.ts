// Faults of kinds of orders: an order does less than its terms say.

import type { Fault, Loose } from './fault.ts'

/** The order is taken without some of its terms. */
const placedWithout = (...names: readonly string[]): NonNullable<Fault['command']> => {
  return (command: Loose) => {
    if (command.type !== 'order.place') return undefined
    for (const name of names) delete command[name]
    return [command]
  }
}

export const ORDER_KIND_FAULTS: readonly Fault[] = [
  {
    name: 'GTD orders that stand until they are canceled',
    breaks: ['order-gtd'],
    command: placedWithout('timeInForce', 'expireTime'),
  },
  {
    name: 'a minimum size without effect',
    breaks: ['order-min-size'],
    command: placedWithout('minSize'),
  },
  {
    name: 'trailing stops that do not know their trail',
    breaks: ['order-trailing-stop'],
    command: placedWithout('trailAmount'),
  },
  {
    name: 'a list of which the first order alone is placed',
    breaks: ['order-list'],
    request({ path, body }) {
      if (path !== '/v1/orders' || body?.orderClass === undefined) return
      for (const name of ['orderClass', 'takeProfit', 'stopLoss']) delete body[name]
    },
  },
]
