// An order as the ticket makes it, before its orders have ids. desk.ts gives them.

import type { NewOrder, OrderClass } from '@papertape/protocol'

type WithoutId<T> = Omit<T, 'clientOrderId'>
type TakeProfit = WithoutId<NonNullable<NewOrder['takeProfit']>>
type StopLoss = WithoutId<NonNullable<NewOrder['stopLoss']>>

/** The terms of a list: both legs of a bracket, one of an oco. */
export interface Exits {
  readonly orderClass: OrderClass
  readonly takeProfit?: TakeProfit
  readonly stopLoss: StopLoss
}

export type OrderWithoutIds = Omit<WithoutId<NewOrder>, keyof Exits> & Partial<Exits>

/** Each order of a list has an id of its own. */
export function withIds({ takeProfit, stopLoss, ...order }: OrderWithoutIds, clientOrderId: string): NewOrder {
  return {
    ...order,
    clientOrderId,
    ...(takeProfit && { takeProfit: { ...takeProfit, clientOrderId: `${clientOrderId}-profit` } }),
    ...(stopLoss && { stopLoss: { ...stopLoss, clientOrderId: `${clientOrderId}-loss` } }),
  }
}
