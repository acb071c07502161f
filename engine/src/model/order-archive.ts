// The archive of what the exchange itself does not keep: the first answer to each clientOrderId, and ended orders. The
// port, and withKnown(), which a sequencer calls. The server's archive is a table of its journal; memory-archive.ts is
// for exchanges without one.

import type { Command, Execution, KnownOrders, Order, OrderReference, PlaceOrder } from '@papertape/protocol'

/** How long after an order's end its ids stay in use and its final state is known. */
export const REMEMBERED_US = 24 * 3_600 * 1_000_000

export interface OrderArchive {
  /** The first answer to the id; undefined while it is free. */
  firstAnswer(accountId: string, clientOrderId: string): Execution | undefined
  /** undefined for an order that is open, was never placed, or is no longer remembered. */
  endedOrder(accountId: string, orderId: string): Order | undefined
}

/** The command with what the archive has about its ids. Called right before the command is applied. */
export function withKnown<C extends Command>(command: C, archive: OrderArchive): C {
  switch (command.type) {
    case 'order.place':
      return attach(command, { ...answerTo(archive, command), ...takenIn(archive, command) })
    case 'order.replace':
      return attach(command, { ...answerTo(archive, command), ...orderOf(archive, command) })
    case 'order.cancel':
      return attach(command, orderOf(archive, command))
    default:
      return command
  }
}

function attach<C extends Command>(command: C, known: KnownOrders): C {
  if (Object.keys(known).length > 0) return { ...command, known }
  if (!('known' in command)) return command
  const { known: _, ...rest } = command as C & { readonly known: unknown }
  return rest as unknown as C
}

type Owned = { readonly accountId: string }

function answerTo(archive: OrderArchive, command: Owned & { readonly clientOrderId: string }): KnownOrders {
  const answer = archive.firstAnswer(command.accountId, command.clientOrderId)
  return answer === undefined ? {} : { answer }
}

function takenIn(archive: OrderArchive, { accountId, takeProfit, stopLoss }: PlaceOrder): KnownOrders {
  const ids = [takeProfit, stopLoss].flatMap(leg => (leg === undefined ? [] : [leg.clientOrderId]))
  const taken = ids.find(id => archive.firstAnswer(accountId, id) !== undefined)
  return taken === undefined ? {} : { taken }
}

function orderOf(archive: OrderArchive, command: Owned & OrderReference): KnownOrders {
  const { accountId } = command
  const orderId =
    'orderId' in command ? command.orderId : archive.firstAnswer(accountId, command.origClientOrderId)?.orderId
  if (orderId === undefined) return {}
  const ended = archive.endedOrder(accountId, orderId)
  if (ended !== undefined) return { order: { orderId, ended: ended.orderStatus } }
  return 'orderId' in command ? {} : { order: { orderId } }
}
