// Institutions: parent orders with a heavy-tailed size, each worked over time as a share of the market's volume, so that it
// takes about as long as it is large. The known source of the memory of order flow, and of square-root impact.

import { SIDE } from '@papertape/engine'
import type { MarketDoor } from '../../market-source.ts'
import type { Metaorder } from '../../order-flow/market-day.ts'
import { DESK } from '../desks.ts'
import { delay, exponential, pareto } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Fundamental } from './fundamental-value.ts'
import { takeAtTouch } from './marketable-order.ts'

/** Parents that are worked at the same time, at most. */
const BROKERS = 3
/** Sizes of parents, as shares of a day's volume: the least, the tail above it, the most. */
const SHARE_LEAST = 0.001
const SHARE_TAIL = 1.15
const SHARE_MOST = 0.018
/** Share of the volume that the smallest parent makes up. */
const PARTICIPATION = 0.37
/**
 * Parts are let fall due before they are sent one after the other: one, and as many more as is drawn, of this mean. The same
 * number each time would show in the order flow as a beat.
 */
const PARTS_MORE_DUE = 2.6
const PARTS_DUE_MOST = 10
/** Chance that a parent is on the side of the one before: institutions follow each other a little. */
const FOLLOWS = 0.63

export interface ParentOrder extends Metaorder {
  /** The symbol's index. */
  readonly symbol: number
}

interface Broker {
  /** Of its parent; 0 when it has none. */
  targetLots: number
  doneLots: number
  buys: number
  /** What the market had traded when the parent came. */
  volumeBefore: number
  /** Parts that are to be due before it sends the next. */
  partsDue: number
  /** Of the parent's first part, 0 before it; without a parent, when the next one comes, 0 when that is not yet drawn. */
  startTime: number
}

const BROKER_NUMBERS = 6

export function createInstitutions(
  start: AgentStart,
  fundamental: Fundamental,
  onParentDone: ((parent: ParentOrder) => void) | undefined,
): Agent {
  const { ground, random } = start
  const { index, habits } = ground
  const { activity, dailyLots, institutionMs, partLots, parentGapMs } = habits
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

  /** Sends what is due of the parent. */
  function work(broker: Broker, volume: number, time: number, door: MarketDoor): void {
    const { targetLots, doneLots, buys } = broker
    const participation = PARTICIPATION * patience(targetLots / (dailyLots * SHARE_LEAST))
    const dueLots = participation * (volume - broker.volumeBefore) - doneLots
    if (doneLots > 0 && dueLots < partLots * broker.partsDue) return
    const wantedLots = Math.min(targetLots - doneLots, Math.max(1, Math.floor(dueLots / partLots)) * partLots)
    let filledLots = 0
    for (let lots = wantedLots; lots > 0; lots -= partLots) {
      filledLots += takeAtTouch(door, ground, DESK.institution, buys === 1 ? 'buy' : 'sell', Math.min(lots, partLots))
    }
    if (filledLots === 0) return
    if (doneLots === 0) broker.startTime = time
    broker.doneLots += filledLots
    broker.partsDue = nextPartsDue()
    if (broker.doneLots === targetLots) finish(broker, time)
  }

  function finish(broker: Broker, time: number): void {
    const { buys, doneLots, startTime } = broker
    const side = buys === 1 ? SIDE.buy : SIDE.sell
    onParentDone?.({ symbol: index, side, lots: doneLots, startMs: startTime, endMs: time })
    Object.assign(broker, brokerOf([]))
  }

  function wake(time: number, door: MarketDoor): number {
    for (const broker of brokers) {
      const volume = door.book.takenLots(index, SIDE.buy) + door.book.takenLots(index, SIDE.sell)
      if (broker.targetLots > 0) work(broker, volume, time, door)
      else if (broker.startTime === 0) broker.startTime = time + delay(random, parentGapMs)
      else if (time >= broker.startTime) engage(broker, volume)
    }
    return time + delay(random, institutionMs / (activity * fundamental.pace))
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

/** Larger parents take their time: an eighth root less of the volume. */
function patience(size: number): number {
  return 1 / Math.sqrt(Math.sqrt(Math.sqrt(size)))
}
