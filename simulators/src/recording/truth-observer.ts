// Observes in a simulated run what no feed has: whose orders they are, the parent order behind an execution, and the
// fundamental value. From the start of a run only: the numbers of parent orders are not part of its saved state.

import type { InstrumentSpec } from '@papertape/protocol'
import { DESK } from '../market/desks.ts'
import type { RunObserver } from './run-observer.ts'

/** Of a row of the order flow. */
export interface RowTruth {
  /** Whose the row's order is: a key of DESK, or `account`; `hidden` for a hidden order, which is no agent's. */
  readonly agent: string
  /** Whose order it traded with on arrival; null when it is no execution, or in an auction. */
  readonly aggressor: string | null
  /** The number of the parent order of which the aggressor is a child, from 1; null: of none. */
  readonly metaorder: number | null
  /** The fundamental value, with a fraction. */
  readonly valueTicks: number
}

export interface TruthObserver extends RunObserver {
  /** Who sent the last command; null: the operator. */
  readonly agent: string | null
  /** By the symbol's index, with a fraction. */
  valueTicks(symbol: number): number
}

const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(DESK).map(([name, desk]) => [desk, name]),
)
const ACCOUNT = 'account'
const HIDDEN = 'hidden'

/**
 * @param onRow receives the truth of each row, in the order of the flow.
 * @param inner observes too, before it.
 */
export function observeTruth(
  instruments: readonly InstrumentSpec[],
  onRow: (symbol: number, truth: RowTruth) => void,
  inner?: RunObserver,
): TruthObserver {
  const owners = new Map<number, number>()
  const values = instruments.map(spec => spec.previousCloseTicks)
  /** The number of the present parent order, by broker. */
  const metaorders = new Map<string, number>()
  let count = 0
  let agent: string | null = null
  /** The next child order, and that of the present command. */
  let next: ChildOrder | undefined
  let present: ChildOrder | undefined

  function metaorderOf(child: ChildOrder): number {
    const { broker, isFirst } = child
    if (isFirst || !metaorders.has(broker)) metaorders.set(broker, ++count)
    child.isFirst = false
    return metaorders.get(broker)!
  }

  function report(symbol: number, orderId: number, taker?: number): void {
    const isChild = taker === DESK.institution && present !== undefined
    onRow(symbol, {
      agent: nameOf(owners.get(orderId)!),
      aggressor: taker === undefined ? null : nameOf(taker),
      metaorder: isChild ? metaorderOf(present!) : null,
      valueTicks: values[symbol]!,
    })
  }

  return {
    get agent() {
      return agent
    },
    valueTicks: symbol => values[symbol]!,
    watch: exchange => inner?.watch(exchange),
    onCommand(time, command) {
      inner?.onCommand(time, command)
      agent = 'desk' in command ? nameOf(command.desk) : 'accountId' in command ? ACCOUNT : null
      // The child order itself follows the hidden one that it meets first.
      if (command.type === 'trade.print') return
      present = next
      next = undefined
    },
    onChildOrder(symbol, broker, isFirst) {
      next = { broker: `${symbol} ${broker}`, isFirst }
    },
    onValue(symbol, _time, valueTicks) {
      values[symbol] = valueTicks
    },
    flow: {
      added(symbol, orderId, side, priceTicks, lots, owner) {
        inner?.flow.added(symbol, orderId, side, priceTicks, lots, owner)
        owners.set(orderId, owner)
        report(symbol, orderId)
      },
      executed(symbol, orderId, side, priceTicks, lots, leftLots, taker) {
        inner?.flow.executed(symbol, orderId, side, priceTicks, lots, leftLots, taker)
        report(symbol, orderId, taker)
        if (leftLots === 0) owners.delete(orderId)
      },
      printed(symbol, side, priceTicks, lots, isAuction) {
        inner?.flow.printed(symbol, side, priceTicks, lots, isAuction)
        onRow(symbol, { agent: HIDDEN, aggressor: null, metaorder: null, valueTicks: values[symbol]! })
      },
      canceled(symbol, orderId, side, priceTicks, lots, leftLots) {
        inner?.flow.canceled(symbol, orderId, side, priceTicks, lots, leftLots)
        report(symbol, orderId)
        if (leftLots === 0) owners.delete(orderId)
      },
    },
  }
}

interface ChildOrder {
  readonly broker: string
  /** Of its parent order nothing has traded. */
  isFirst: boolean
}

/** A value with a fraction of a tick in currency, to a ten-thousandth of a tick. */
export function truePrice({ tickUnits }: InstrumentSpec, valueTicks: number): number {
  return (Math.round(valueTicks * 10_000) * tickUnits) / 100_000_000
}

function nameOf(owner: number): string {
  return owner < 0 ? ACCOUNT : NAMES[owner]!
}
