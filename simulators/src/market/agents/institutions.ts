// Institutions: parent orders with Pareto sizes, each worked as a share of the market's volume, so that duration grows
// with size. The source of the long memory of trade signs and, with consensus.ts, of square-root impact.

import { SIDE } from '@papertape/engine'
import type { MarketPort } from '../../market-source.ts'
import type { Metaorder } from '../../order-flow/market-day.ts'
import { DESK } from '../desks.ts'
import { delayUs, exponential, pareto } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Fundamental } from './fundamental-value.ts'
import { takeAtBest } from './marketable-order.ts'

/** Parent orders worked at the same time, at most. */
const BROKERS = 3
/** Sizes of parent orders, as shares of the daily volume: minimum, tail exponent, maximum. */
const SHARE_LEAST = 0.001
const SHARE_TAIL = 1.15
const SHARE_MOST = 0.018
/** Participation rate of the smallest parent order. */
const PARTICIPATION = 0.37
/**
 * Mean number of child orders that accumulate, above one, before they are sent. It is drawn each time: a constant would
 * make the order flow periodic.
 */
const PARTS_MORE_DUE = 2.6
const PARTS_DUE_MOST = 10
/** Mean time between child orders that are sent one after the other. */
const PART_MS = 3
/** Chance that a parent order is on the side of the one before. */
const FOLLOWS = 0.63

export interface ParentOrder extends Metaorder {
  /** The symbol's index. */
  readonly symbol: number
}

interface Broker {
  /** Size of its parent order; 0 without one. */
  targetLots: number
  doneLots: number
  buys: number
  /** Market volume when the parent order arrived. */
  volumeBefore: number
  /** Child orders that accumulate before the next are sent; 0 while they are sent, one after the other. */
  partsDue: number
  /**
   * Time of the parent's first fill, 0 before it; without a parent: when the next one arrives, 0 when not yet drawn. In
   * ms since 1970.
   */
  startTime: number
}

const BROKER_NUMBERS = 6

export function createInstitutions(
  start: AgentStart,
  fundamental: Fundamental,
  onParentDone: ((parent: ParentOrder) => void) | undefined,
  onChildOrder: ((symbol: number, broker: number, isFirst: boolean) => void) | undefined,
): Agent {
  const { traded, random } = start
  const { index, parameters } = traded
  const { activity, dailyLots, institutionMs, partLots, parentGapMs } = parameters
  const [savedBuys, ...saved] = start.own
  let lastBuys = savedBuys ?? 0
  const brokers = Array.from({ length: BROKERS }, (_, i) => brokerOf(saved.slice(i * BROKER_NUMBERS)))

  function engage(broker: Broker, volume: number): void {
    lastBuys = random.chance(FOLLOWS) ? lastBuys : 1 - lastBuys
    const share = Math.min(SHARE_MOST, SHARE_LEAST * pareto(random, SHARE_TAIL))
    Object.assign(broker, { targetLots: Math.round(dailyLots * share), doneLots: 0, buys: lastBuys, startTime: 0 })
    broker.volumeBefore = volume
    broker.partsDue = nextPartsDue()
  }

  function nextPartsDue(): number {
    return Math.min(PARTS_DUE_MOST, 1 + Math.floor(exponential(random) * PARTS_MORE_DUE))
  }

  /** Sends a child order when enough are due. Returns whether it traded. */
  function work(broker: Broker, volume: number, time: number, port: MarketPort): boolean {
    const { targetLots, doneLots, buys } = broker
    const participation = PARTICIPATION * slowdown(targetLots / (dailyLots * SHARE_LEAST))
    const dueLots = participation * (volume - broker.volumeBefore) - doneLots
    if (doneLots > 0 && dueLots < partLots * Math.max(1, broker.partsDue)) {
      if (broker.partsDue === 0) broker.partsDue = nextPartsDue()
      return false
    }
    const side = buys === 1 ? 'buy' : 'sell'
    onChildOrder?.(index, brokers.indexOf(broker), doneLots === 0)
    const filledLots = takeAtBest(
      port,
      traded,
      random,
      DESK.institution,
      side,
      Math.min(targetLots - doneLots, partLots),
    )
    if (filledLots === 0) return false
    if (doneLots === 0) broker.startTime = time
    broker.doneLots += filledLots
    broker.partsDue = 0
    if (broker.doneLots === targetLots) finish(broker, time)
    return true
  }

  function finish(broker: Broker, time: number): void {
    const { buys, doneLots, startTime } = broker
    const side = buys === 1 ? SIDE.buy : SIDE.sell
    onParentDone?.({ symbol: index, side, lots: doneLots, startMs: startTime, endMs: time })
    Object.assign(broker, brokerOf([]))
  }

  function wake(timeUs: number, port: MarketPort): number {
    const time = timeUs / 1000
    const sending = brokers.find(isSending)
    for (const broker of sending === undefined ? brokers : [sending]) {
      const volume = port.book.takenLots(index, SIDE.buy) + port.book.takenLots(index, SIDE.sell)
      // What it trades is volume for the others: they act at another time.
      if (broker.targetLots > 0) {
        if (work(broker, volume, time, port)) break
      } else if (broker.startTime === 0) broker.startTime = time + delayUs(random, parentGapMs) / 1000
      else if (time >= broker.startTime) engage(broker, volume)
    }
    const nextMs = brokers.some(isSending) ? PART_MS : institutionMs / (activity * fundamental.pace)
    return timeUs + delayUs(random, nextMs)
  }

  return {
    wake,
    save: () => [
      lastBuys,
      ...brokers.flatMap(broker => [
        broker.targetLots,
        broker.doneLots,
        broker.buys,
        broker.volumeBefore,
        broker.partsDue,
        broker.startTime,
      ]),
    ],
  }
}

function isSending({ doneLots, partsDue }: Broker): boolean {
  return doneLots > 0 && partsDue === 0
}

function brokerOf([
  targetLots = 0,
  doneLots = 0,
  buys = 0,
  volumeBefore = 0,
  partsDue = 0,
  startTime = 0,
]: readonly number[]): Broker {
  return { targetLots, doneLots, buys, volumeBefore, partsDue, startTime }
}

/** Larger parents have a lower participation rate: size to the power -1/8. */
function slowdown(size: number): number {
  return 1 / Math.sqrt(Math.sqrt(Math.sqrt(size)))
}
