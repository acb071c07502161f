// A list of orders as the adapters read it: an order names its list and its role there, and its class follows from its
// place. One command places them all, so their ids follow each other: an entry, a take-profit and a stop-loss, or the
// last two. Pure.

import type { Execution, ListRole, Order, OrderClass, PlaceOrder } from '@papertape/protocol'

type Listed = Pick<Order, 'orderId' | 'listId' | 'listRole'>

/** In the order of their ids. */
const BRACKET_ROLES: readonly ListRole[] = ['entry', 'takeProfit', 'stopLoss']

/** The most orders that a list has. */
export const LIST_ORDERS_MAX = BRACKET_ROLES.length

/** undefined for an order that is in no list. */
export function orderClassOf({ orderId, listId, listRole }: Listed): OrderClass | undefined {
  if (listRole === undefined) return undefined
  return BRACKET_ROLES[Number(orderId) - Number(listId)] === listRole ? 'bracket' : 'oco'
}

/** Whether it is in a list, and not the order that the list was placed with. */
export function isLeg({ orderId, listId }: Listed): boolean {
  return listId !== undefined && listId !== orderId
}

/** @param legs as they were placed. Their ids are not compared: an adapter makes new ones for each request. */
export function hasSameLegs({ takeProfit, stopLoss }: PlaceOrder, legs: readonly Execution[]): boolean {
  const profitLeg = legs.find(({ listRole }) => listRole === 'takeProfit')
  const lossLeg = legs.find(({ listRole }) => listRole === 'stopLoss')
  return (
    profitLeg?.price === takeProfit?.price &&
    lossLeg?.stopPrice === stopLoss?.stopPrice &&
    lossLeg?.price === (stopLoss?.price ?? null)
  )
}
