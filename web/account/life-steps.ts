// What became of an order, as steps a person reads: accepted, triggered, filled, replaced, canceled, each with its time
// and reason. Pure. History.tsx draws the steps.

import type { Execution, Order } from '@papertape/protocol'
import { formatPrice, formatSize, groupNumbers } from '../format/format.ts'

export interface LifeStep {
  /** In the private stream: unique. */
  readonly seq: number
  /** Microseconds since 1970. */
  readonly ts: number
  /** Such as `Filled`. */
  readonly title: string
  /** Such as `40 at 184.53, 60 left`; may be empty. */
  readonly detail: string
  /** The exchange's reason, where it gives one. */
  readonly reason: string
}

/** @param life of one order, oldest first. */
export function lifeSteps(life: readonly Execution[], decimals: number): readonly LifeStep[] {
  return life.map((one, index) => ({
    seq: one.seq,
    ts: one.ts,
    title: TITLES[one.execType],
    detail: detailOf(one, life[index - 1], decimals),
    reason: one.reason === undefined ? '' : groupNumbers(one.reason.text),
  }))
}

const TITLES: Readonly<Record<Execution['execType'], string>> = {
  new: 'Accepted',
  triggered: 'Triggered',
  partialFill: 'Partly filled',
  fill: 'Filled',
  replaced: 'Replaced',
  canceled: 'Canceled',
  rejected: 'Rejected',
  expired: 'Expired',
}

type PriceText = (value: number | null | undefined) => string

function detailOf(one: Execution, before: Execution | undefined, decimals: number): string {
  const price: PriceText = value => formatPrice(value, decimals)
  switch (one.execType) {
    case 'triggered':
      return `at ${price(one.stopPrice)}`
    case 'partialFill':
    case 'fill': {
      const left = one.leavesSize > 0 ? `, ${formatSize(one.leavesSize)} left` : ''
      return `${formatSize(one.lastSize)} at ${price(one.lastPrice)}${left}`
    }
    case 'replaced':
      return before === undefined ? `by ${termsText(one, price)}` : changeText(before, one, price)
    case 'canceled':
    case 'expired':
      return `${formatSize(one.size - one.cumSize)} not filled`
    default:
      return termsText(one, price)
  }
}

/** `100 at 184.33, stop 183.00` */
function termsText({ size, price: limit, stopPrice }: Execution, price: PriceText): string {
  const stop = stopPrice === undefined ? '' : `, stop ${price(stopPrice)}`
  return `${formatSize(size)} at ${limit === null ? 'market' : price(limit)}${stop}`
}

/** `size 100 → 80, price 184.33 → 184.35` */
function changeText(before: Execution, after: Execution, price: PriceText): string {
  const fields = [
    ['size', formatSize(before.size), formatSize(after.size)],
    ['price', price(before.price), price(after.price)],
    ['stop', price(before.stopPrice), price(after.stopPrice)],
  ] as const
  return fields
    .filter(([, from, to]) => from !== to)
    .map(([name, from, to]) => `${name} ${from} → ${to}`)
    .join(', ')
}

/** What became of it, in a word or two. */
export function endText({ orderStatus }: Order): string {
  return OUTCOMES[orderStatus]
}

const OUTCOMES: Readonly<Record<Order['orderStatus'], string>> = {
  new: 'Working',
  partiallyFilled: 'Partly filled',
  filled: 'Filled',
  canceled: 'Canceled',
  rejected: 'Rejected',
  expired: 'Expired',
}
