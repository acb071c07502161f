// Faults known from other matching engines, and likely ones of this engine.

import type { Mutant } from '../mutant.ts'

export const ENGINE: readonly Mutant[] = [
  {
    breaks: 'the newest order at a price trades first',
    file: 'engine/src/matching/ladder.ts',
    text: 'return this.levels[((this.starts[bookSide]! + priceTicks) << LEVEL_SHIFT) | HEAD]!',
    replacement: 'return this.levels[((this.starts[bookSide]! + priceTicks) << LEVEL_SHIFT) | TAIL]!',
  },
  {
    breaks: 'a replace to a smaller size loses its place',
    file: 'engine/src/matching/matching-engine.ts',
    text: 'smallerBy >= 0 && mayRest(instruction)',
    replacement: 'smallerBy > Number.MAX_SAFE_INTEGER && mayRest(instruction)',
  },
  {
    breaks: 'a replace to a larger size keeps its place',
    file: 'engine/src/matching/matching-engine.ts',
    text: 'smallerBy >= 0 && mayRest(instruction)',
    replacement: 'mayRest(instruction)',
  },
  {
    breaks: 'a partly filled maker goes to the end of its queue',
    file: 'engine/src/matching/matching-engine.ts',
    text: 'if (lots < this.word(slot, SHOWN_LOTS)) this.ladder.shrink(slot, lots)',
    replacement: `if (lots < this.word(slot, SHOWN_LOTS)) {
      this.ladder.shrink(slot, lots)
      this.ladder.remove(slot)
      this.ladder.append(slot, this.word(slot, TERMS) & MASK, ticks, this.word(slot, SHOWN_LOTS))
    }`,
  },
  {
    breaks: 'the rest of an IOC or market order stays in the book',
    file: 'engine/src/matching/matching-engine.ts',
    text: 'if (instruction === IMMEDIATE_OR_CANCEL || instruction === FILL_OR_KILL) return LAPSED',
    replacement: 'if (instruction === FILL_OR_KILL) return LAPSED',
  },
  {
    breaks: 'a taker trades one tick beyond its limit',
    file: 'engine/src/matching/sweep.ts',
    text: '? ticks <= limitTicks : ticks >= limitTicks)',
    replacement: '? ticks <= limitTicks + 1 : ticks >= limitTicks - 1)',
  },
  {
    breaks: 'a FOK order that lacks one share is filled',
    file: 'engine/src/matching/admission.ts',
    text: 'return fillable < sizeLots ? RESULT.cannotFill : 0',
    replacement: 'return fillable < sizeLots - 1 ? RESULT.cannotFill : 0',
  },
  {
    breaks: 'a FOK order does not count hidden lots',
    file: 'engine/src/matching/sweep.ts',
    text: 'found += ladder.openLots(makers, ticks)',
    replacement: 'found += ladder.shownLots(makers, ticks)',
  },
  {
    breaks: 'a level keeps lots that were filled',
    file: 'engine/src/matching/ladder.ts',
    text: '    this.lots[words[order | PLACE]!]! -= byLots\n',
    replacement: '',
  },
  {
    breaks: 'an order that leaves the middle of a queue removes those behind it',
    file: 'engine/src/matching/ladder.ts',
    text: 'else words[(previous << SHIFT) | NEXT] = next',
    replacement: 'else words[(previous << SHIFT) | NEXT] = 0',
  },
  {
    breaks: 'the best price stays when its last order leaves',
    file: 'engine/src/matching/ladder.ts',
    text: 'if (priceTicks === this.best[bookSide]) this.best[bookSide]',
    replacement: 'if (priceTicks > this.best[bookSide]!) this.best[bookSide]',
  },
  {
    breaks: 'the bitmap keeps an empty word of prices marked',
    file: 'engine/src/primitives/bitmap.ts',
    text: '    this.words[block]! &= ~(1 << (word & 31))\n',
    replacement: '',
  },
  {
    breaks: 'the next offer of a symbol is found among the bids of another one',
    file: 'engine/src/matching/ladder.ts',
    text: 'return found === 0 || found >= this.starts[bookSide + 1]! ? 0 : found - start',
    replacement: 'return found === 0 ? 0 : found - start',
  },
  {
    breaks: 'a deleted id hides another id with the same hash',
    file: 'engine/src/primitives/id-table.ts',
    text: 'if (((place - home) & mask) >= ((place - gap) & mask)) {',
    replacement: 'if (((place - home) & mask) > ((place - gap) & mask)) {',
  },
  {
    breaks: 'an iceberg keeps its place when it shows its next part',
    file: 'engine/src/matching/matching-engine.ts',
    text: '    else this.refill(slot, takerId, ticks)',
    replacement: `    else {
      const next = Math.min(this.ladder.hidden.displayLots(slot), this.ladder.hiddenLots(slot))
      this.ladder.shrink(slot, lots - next)
      this.ladder.hide(slot, -next)
    }`,
  },
  {
    breaks: 'an iceberg made smaller loses shown lots first',
    file: 'engine/src/matching/matching-engine.ts',
    text: 'const hidden = Math.min(this.ladder.hiddenLots(slot), byLots)',
    replacement: 'const hidden = Math.max(0, byLots - this.word(slot, SHOWN_LOTS) + 1)',
  },
  {
    breaks: 'the self-trade prevention of the resting order applies',
    file: 'engine/src/matching/matching-engine.ts',
    text: 'if (selfTrade !== NONE && words[order | OWNER] === owner) {',
    replacement: 'if (((words[order | TERMS]! >> PREVENTION_SHIFT) & 7) !== NONE && words[order | OWNER] === owner) {',
  },
  {
    breaks: 'a canceled taker cancels the maker of a self-trade too',
    file: 'engine/src/matching/matching-engine.ts',
    text: 'const cancelsMaker = selfTrade === CANCEL_MAKER || selfTrade === CANCEL_BOTH',
    replacement: 'const cancelsMaker = selfTrade !== DECREMENT',
  },
  {
    breaks: 'a FOK order counts orders that prevention excludes',
    file: 'engine/src/matching/admission.ts',
    text: 'selfTrade === NONE\n',
    replacement: 'selfTrade >= NONE\n',
  },
  {
    breaks: 'the auction ignores the reference price',
    file: 'engine/src/matching/auction-price.ts',
    text: 'Math.max(bestLow, Math.min(referenceTicks, bestHigh))',
    replacement: 'bestLow',
  },
  {
    breaks: 'the auction ignores the surplus',
    file: 'engine/src/matching/auction-price.ts',
    text: 'if (lots > paired || (lots === paired && difference < surplus)) {',
    replacement: 'if (lots > paired) {',
  },
  {
    breaks: 'the taker pays its own limit',
    file: 'engine/src/orders/settlement.ts',
    text: '  const ticks = events.priceTicks(at)\n',
    replacement: '  const ticks = taker?.priceTicks || events.priceTicks(at)\n',
  },
  {
    breaks: 'a trade event has the side of the maker as aggressor',
    file: 'engine/src/orders/settlement.ts',
    text: 'publishTrade(state, instrument, ticks, lots, side)',
    replacement: "publishTrade(state, instrument, ticks, lots, side === 'buy' ? 'sell' : 'buy')",
  },
  {
    breaks: 'the level of a trade is missing in the book event',
    file: 'engine/src/market-data/book-changes.ts',
    text: '    this.#depth.touch(side, levelTicks)\n',
    replacement: '',
  },
  {
    breaks: 'buy stops trigger at a fall and sell stops at a rise',
    file: 'engine/src/model/stop-book.ts',
    text: 'side === SIDE.buy ? 1 : -1',
    replacement: 'side === SIDE.buy ? -1 : 1',
  },
  {
    breaks: 'a stop trades with orders outside the new bands',
    file: 'engine/src/phases/trigger-stops.ts',
    text: '    if (instrument.bandsMoved) repriceToBands(state, instrument)\n',
    replacement: '',
  },
  {
    breaks: 'the stop farthest from the market enters first',
    file: 'engine/src/primitives/ranked-queue.ts',
    text: 'a.turn < b.turn : a.rank < b.rank',
    replacement: 'a.turn < b.turn : a.rank > b.rank',
  },
  {
    breaks: 'a canceled stop triggers',
    file: 'engine/src/primitives/ranked-queue.ts',
    text: '    ranked.isRemoved = true\n',
    replacement: '',
  },
  {
    breaks: 'an order trades in the auction that begins at its expireTime',
    file: 'engine/src/phases/timers.ts',
    text: 'if (expiryDue === state.nextDue)',
    replacement: 'if (expiryDue < Math.min(instrumentDue, scheduleDue))',
  },
  {
    breaks: 'the DAY orders of a halted instrument outlive the day',
    file: 'engine/src/phases/timers.ts',
    text: '    endDay(state, instrument)\n',
    replacement: '',
  },
  {
    breaks: 'a minimum size may be above what self-trade prevention leaves',
    file: 'engine/src/orders/min-size.ts',
    text: 'SELF_TRADE[selfTradePrevention]]',
    replacement: 'SELF_TRADE.none]',
  },
  {
    breaks: 'a rise within one order triggers the trailing stop that follows it',
    file: 'engine/src/phases/trigger-stops.ts',
    text: 'const hasRisen = instrument.lastTicks > low',
    replacement: 'const hasRisen = false',
  },
  {
    breaks: 'a moved stop price that waits for its second is never sent',
    file: 'engine/src/phases/trailing-stops.ts',
    text: '  state.dueAt(instrument.trailingDue)\n',
    replacement: '',
  },
  {
    breaks: 'a stop-loss that triggers leaves its take-profit',
    file: 'engine/src/phases/trigger-stops.ts',
    text: "    withdraw(state, sibling, 'canceled', reject.listEnded())\n",
    replacement: '',
  },
  {
    breaks: 'both legs of a list reserve the same shares',
    file: 'engine/src/model/account-order.ts',
    text: 'return isReserving(this)',
    replacement: 'return this.held === undefined',
  },
  {
    breaks: 'a held leg gets the price of the band before it starts',
    file: 'engine/src/orders/risk.ts',
    text: 'order.held ? { ticks } : bandLimit(instrument, side, ticks)',
    replacement: 'bandLimit(instrument, side, ticks)',
  },
  {
    breaks: 'an entry that is canceled after a part has filled takes its legs with it',
    file: 'engine/src/orders/order-end.ts',
    text: "order.listRole === 'entry' && order.cumLots > 0",
    replacement: 'false',
  },
  {
    breaks: 'what was sold short is kept with the maintenance margin of what is held',
    file: 'engine/src/margin/requirements.ts',
    text: 'worthUnits > 0 ? longMaintenanceBps : shortMaintenanceBps',
    replacement: 'longMaintenanceBps',
  },
  {
    breaks: 'an account below its initial margin may not close a position',
    file: 'engine/src/orders/margin-check.ts',
    text: 'Math.max(equityUnits, beforeUnits)',
    replacement: 'equityUnits',
  },
  {
    breaks: 'open buys of a margin account need no margin',
    file: 'engine/src/model/account.ts',
    text: '    if (this.margin !== undefined) this.position(order.instrument).bidUnits += units\n',
    replacement: '',
  },
  {
    breaks: 'a liquidation leaves the open orders of the account',
    file: 'engine/src/phases/margin-calls.ts',
    text: '    cancelOrders(state, [...state.openOrders.ofAccount(account).values()], reject.marginCall)\n',
    replacement: '',
  },
  {
    breaks: 'a liquidation closes the smallest position first',
    file: 'engine/src/phases/margin-calls.ts',
    text: 'worthOf(b) - worthOf(a)',
    replacement: 'worthOf(a) - worthOf(b)',
  },
  {
    breaks: 'a margin call is forgotten in a restart',
    file: 'engine/src/state/account-rows.ts',
    text: 'saved.marginCallDue ?? NEVER',
    replacement: 'NEVER',
  },
  {
    breaks: 'the id of an order that has ended is free at once',
    file: 'engine/src/memory-archive.ts',
    text: 'if (ended === undefined || !this.#isOver(ended)) return answer',
    replacement: 'if (ended === undefined) return answer',
  },
  {
    breaks: 'an order trades beyond the price band',
    file: 'engine/src/orders/price-limits.ts',
    text: "if (side === 'buy' ? ticks <= highTicks : ticks >= lowTicks) return { ticks }",
    replacement: 'if (ticks > 0) return { ticks }',
  },
  {
    breaks: 'a market order has a collar on one side only',
    file: 'engine/src/orders/price-limits.ts',
    text: 'Math.max(end, fromTicks - width)',
    replacement: 'end',
  },
  {
    breaks: 'the size ahead of an order that grows counts the order itself',
    file: 'engine/src/commands/account-commands.ts',
    text: 'shownLotsAt(state, order, limit.ticks) - (limit.ticks === priceTicks ? shownLots : 0)',
    replacement: 'shownLotsAt(state, order, limit.ticks)',
  },
  {
    breaks: 'fills at the head of a queue do not change queue positions',
    file: 'engine/src/market-data/queue-level.ts',
    text: 'return this.#advance(isOwn ? first + 1 : first, lots)',
    replacement: 'return lots < 0 && isOwn',
  },
  {
    breaks: 'a replaced order ignores what is filled',
    file: 'engine/src/orders/risk.ts',
    text: 'const sizeLots = whole.lots - order.cumLots',
    replacement: 'const sizeLots = whole.lots',
  },
  {
    breaks: 'cash stays reserved when an order ends unfilled',
    file: 'engine/src/orders/order-end.ts',
    text: '  release(state, order, order.leavesLots - lateLots)\n',
    replacement: '',
  },
  {
    breaks: 'shares can be offered twice',
    file: 'engine/src/model/account.ts',
    text: 'position === undefined ? 0 : position.lots - position.offeredLots',
    replacement: 'position === undefined ? 0 : position.lots',
  },
  {
    breaks: 'a DAY order stays after the close',
    file: 'engine/src/phases/apply-transition.ts',
    text: 'order => !outlivesDay(order.timeInForce)',
    replacement: 'order => isAuctionOnly(order.timeInForce)',
  },
  {
    breaks: 'cancel all cancels the orders of all instruments',
    file: 'engine/src/commands/account-commands.ts',
    text: '(symbol === undefined || order.symbol === symbol)',
    replacement: '(symbol === undefined || order.symbol !== undefined)',
  },
  {
    breaks: 'a cancel after the last fill is rejected as unknown order',
    file: 'engine/src/commands/account-commands.ts',
    text: 'if (known?.ended !== undefined) return',
    replacement: "if (known?.ended === 'canceled') return",
  },
  {
    breaks: 'a restored iceberg has no hidden lots',
    file: 'engine/src/state/checkpoint.ts',
    text: '  order.hiddenLots = saved.hiddenLots\n',
    replacement: '',
  },
  {
    breaks: 'sell stops trigger at the highest price that was traded',
    file: 'engine/src/phases/trigger-stops.ts',
    text: 'SIDE.sell, low, triggered)',
    replacement: 'SIDE.sell, high, triggered)',
  },
  {
    breaks: 'stops that were reached in a call phase do not trigger after it',
    file: 'engine/src/phases/apply-transition.ts',
    text: '  instrument.recordPrice(instrument.lastTicks)\n',
    replacement: '',
  },
  {
    breaks: 'the reference price changes at every trade',
    file: 'engine/src/model/price-bands.ts',
    text: '    if (time < this.#sinceTime + holdMs) return false\n',
    replacement: '',
  },
  {
    breaks: 'the price limits of a postponed reopening do not widen downwards',
    file: 'engine/src/phases/apply-transition.ts',
    text: 'lowTicks: priceTicks < lowTicks ? lowTicks - width : lowTicks,',
    replacement: 'lowTicks,',
  },
  {
    breaks: 'orders that wait for the closing auction are not restored',
    file: 'engine/src/state/checkpoint.ts',
    text: '  else openOrders.waiting(order.instrument).closing.add(order)\n',
    replacement: '',
  },
  {
    breaks: 'a waiting order that enters the book is missing in the next checkpoint',
    file: 'engine/src/orders/book-entry.ts',
    text: '  state.changes.order(order)\n',
    replacement: '',
  },
  {
    breaks: 'a restored exchange does not send queue positions that were due',
    file: 'engine/src/market-data/queue-positions.ts',
    text: '    this.#left = left\n',
    replacement: '',
  },
  {
    breaks: 'the order flow misses the order that rests after a trade',
    file: 'engine/src/market-data/book-changes.ts',
    text: '    this.#flow?.added(symbol, id, side, priceTicks, shownLots, this.#engine.ownerOf(id))\n',
    replacement:
      '    if (this.events.count === 0) this.#flow?.added(symbol, id, side, priceTicks, shownLots, this.#engine.ownerOf(id))\n',
  },
  {
    breaks: 'a cancel does not move up the orders behind it',
    file: 'engine/src/market-data/book-changes.ts',
    text: '    this.#queues.reduced(symbol, side, ticks, arrival, shownLots)\n',
    replacement: '',
  },
  {
    breaks: 'a desk order that was filled keeps its ref',
    file: 'engine/src/market-data/book-changes.ts',
    text: '    if (openLots === 0) this.#left(id, events.owner(at))\n',
    replacement: '    if (openLots === 0 && events.owner(at) < 0) this.#left(id, events.owner(at))\n',
  },
  {
    breaks: 'a restart gives a lost session its grace again',
    file: 'engine/src/access/session-guard.ts',
    text: `    if (dueUs !== undefined) return { guard, cancels: false }
`,
    replacement: '',
  },
  {
    breaks: 'a scripted fill makes shares',
    file: 'engine/src/orders/settlement.ts',
    text: `  state.conservation.deskTraded(order.instrument, sideCode(order.side) ^ 1, lots, ticks)
`,
    replacement: '',
  },
  {
    breaks: 'a scripted fill takes a number of the public trades',
    file: 'engine/src/orders/settlement.ts',
    text: 'state.nextScriptedTradeId()',
    replacement: '++state.counters.tradeId',
  },
  {
    breaks: 'scripted fills of one time come in another order after a restart',
    file: 'engine/src/off-book/off-book-orders.ts',
    text: 'return orders.sort((a, b) => Number(a.orderId) - Number(b.orderId))',
    replacement: 'return orders',
  },
  {
    breaks: 'what a fill after a cancel costs can be spent before it comes',
    file: 'engine/src/orders/order-end.ts',
    text: 'order.leavesLots - lateLots)',
    replacement: 'order.leavesLots)',
  },
  {
    breaks: 'a restart forgets when a scripted fill is due',
    file: 'engine/src/state/checkpoint.ts',
    text: 'fillDue: due ?? NEVER',
    replacement: 'fillDue: NEVER',
  },
  {
    breaks: 'an order that expires is filled after its end',
    file: 'engine/src/orders/order-end.ts',
    text: "end === 'canceled' && reason",
    replacement: 'reason',
  },
  {
    breaks: 'a pessimistic order is filled by a trade at its price',
    file: 'engine/src/off-book/watched-prices.ts',
    text: "return side === 'buy' ? priceTicks - 1 : priceTicks + 1",
    replacement: 'return priceTicks',
  },
  {
    breaks: 'an optimistic order waits for a trade',
    file: 'engine/src/off-book/watched-prices.ts',
    text: `    take(this.#touched[SIDE.buy]!, ask)
`,
    replacement: '',
  },
  {
    breaks: 'a restart forgets which orders wait for a price',
    file: 'engine/src/state/checkpoint.ts',
    text: 'offBook.watch(order)',
    replacement: 'openOrders.add(order)',
  },
  {
    breaks: 'a failure rate draws the same for each command',
    file: 'engine/src/orders/drawn-failures.ts',
    text: `  account.testCommands++
`,
    replacement: '',
  },
]
