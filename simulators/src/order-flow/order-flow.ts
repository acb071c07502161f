// One symbol's day order by order, as columns, in the form of LOBSTER's messages: real and simulated days are measured
// by the same code. Used by the facts and by exports.

/** LOBSTER's message types, and `quote`: a change of the best prices from a source without orders. */
export const FLOW = { quote: 0, add: 1, reduce: 2, remove: 3, execute: 4, executeHidden: 5, cross: 6 } as const

const ROWS_FIRST = 1 << 16

export class OrderFlow {
  /** Rows in use; the columns are longer. */
  count = 0
  /** Milliseconds since midnight of the market's day, truncated to microseconds. */
  timesMs = new Float64Array(ROWS_FIRST)
  /** One of FLOW. */
  kinds = new Uint8Array(ROWS_FIRST)
  /** Unique among resting orders; 0 for a hidden one. */
  orderIds = new Float64Array(ROWS_FIRST)
  /** Added, taken off, or traded. */
  lots = new Int32Array(ROWS_FIRST)
  /** Whole ticks; hidden executions may be between ticks. */
  pricesTicks = new Float64Array(ROWS_FIRST)
  /** Side of the resting order: the engine's SIDE. */
  sides = new Uint8Array(ROWS_FIRST)
  /** The best prices and their lots after the row's command; 0 where a side is empty. */
  bidsTicks = new Int32Array(ROWS_FIRST)
  bidsLots = new Int32Array(ROWS_FIRST)
  asksTicks = new Int32Array(ROWS_FIRST)
  asksLots = new Int32Array(ROWS_FIRST)

  /** Call quote() next: each row has its quote. */
  append(timeMs: number, kind: number, orderId: number, lots: number, priceTicks: number, side: number): void {
    const row = this.count
    if (row === this.kinds.length) this.#grow()
    this.timesMs[row] = timeMs
    this.kinds[row] = kind
    this.orderIds[row] = orderId
    this.lots[row] = lots
    this.pricesTicks[row] = priceTicks
    this.sides[row] = side
    this.count = row + 1
  }

  /** Sets the quote of the last row. */
  quote(bidTicks: number, bidLots: number, askTicks: number, askLots: number): void {
    const row = this.count - 1
    this.bidsTicks[row] = bidTicks
    this.bidsLots[row] = bidLots
    this.asksTicks[row] = askTicks
    this.asksLots[row] = askLots
  }

  #grow(): void {
    this.timesMs = doubled(this.timesMs)
    this.kinds = doubled(this.kinds)
    this.orderIds = doubled(this.orderIds)
    this.lots = doubled(this.lots)
    this.pricesTicks = doubled(this.pricesTicks)
    this.sides = doubled(this.sides)
    this.bidsTicks = doubled(this.bidsTicks)
    this.bidsLots = doubled(this.bidsLots)
    this.asksTicks = doubled(this.asksTicks)
    this.asksLots = doubled(this.asksLots)
  }
}

type Column = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

function doubled<Kind extends Column>(column: Kind): Kind {
  const wider = new (column.constructor as new (length: number) => Kind)(column.length * 2)
  wider.set(column)
  return wider
}

/**
 * Whether two executions are fills of one market order: one side, one microsecond. Files have no more to go by, so that
 * simulated days are measured by it as well.
 */
export function isSameMarketOrder({ timesMs, sides }: OrderFlow, earlier: number, later: number): boolean {
  return timesMs[earlier] === timesMs[later] && sides[earlier] === sides[later]
}

/** Whether both sides have a price. */
export function isQuoted(flow: OrderFlow, row: number): boolean {
  return flow.bidsTicks[row]! > 0 && flow.asksTicks[row]! > 0
}

/** Defined only where both sides have a price. */
export function midTicks(flow: OrderFlow, row: number): number {
  return (flow.bidsTicks[row]! + flow.asksTicks[row]!) / 2
}
