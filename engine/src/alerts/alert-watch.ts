// Watches for what the alerts of all accounts wait for: prices by symbol in the order in which trades reach them, fills
// by account, phases by symbol. Each triggers once and is sent to its owner at the end of the command, after its
// executions. Changes no order, cash or public event.

import type { AlertState, Phase } from '@papertape/protocol'
import type { PrivateLog } from '../market-data/private-log.ts'
import type { PublicLog } from '../market-data/public-log.ts'
import { SIDE } from '../matching/codes.ts'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import { StopBook } from '../model/stop-book.ts'
import { AccountAlerts } from './account-alerts.ts'
import { type Alert, levelsOf } from './alert.ts'

type Trigger = NonNullable<AlertState['trigger']>

/** Of one instrument. */
interface Watched {
  /** Reached from below, and from above. */
  readonly up: StopBook<Alert>
  readonly down: StopBook<Alert>
  readonly halts: Set<Alert>
  readonly resumes: Set<Alert>
}

export class AlertWatch {
  readonly #log: PublicLog
  /** By the account's index. */
  readonly #byAccount: AccountAlerts[] = []
  /** By the instrument's index. */
  readonly #byInstrument: readonly Watched[]
  /** In the current command. */
  #triggered: Alert[] = []

  /** @param log for the stamp of the current command. */
  constructor(log: PublicLog, instrumentsCount: number) {
    this.#log = log
    this.#byInstrument = Array.from({ length: instrumentsCount }, () => ({
      up: new StopBook(SIDE.buy),
      down: new StopBook(SIDE.sell),
      halts: new Set(),
      resumes: new Set(),
    }))
  }

  ofAccount({ index }: Account): AccountAlerts {
    let alerts = this.#byAccount[index]
    if (alerts === undefined) {
      alerts = new AccountAlerts()
      this.#byAccount[index] = alerts
    }
    return alerts
  }

  /** A new one, or one of a checkpoint, which may have ended. Those of an account are added by id. */
  add(alert: Alert): void {
    this.ofAccount(alert.account).add(alert)
    if (alert.state.status !== 'active' || alert.instrument === undefined) return
    const { up, down, halts, resumes } = this.#watched(alert.instrument)
    const { upTicks, downTicks } = levelsOf(alert.instrument, alert.state)
    if (upTicks !== undefined) up.add(alert, upTicks)
    if (downTicks !== undefined) down.add(alert, downTicks)
    if (alert.state.condition === 'halts') halts.add(alert)
    if (alert.state.condition === 'resumes') resumes.add(alert)
  }

  remove(alert: Alert): void {
    this.#unwatch(alert)
    this.ofAccount(alert.account).remove(alert)
  }

  /** Each trade. @param ticks may lie off the tick grid. */
  traded(instrument: TradedInstrument, ticks: number, price: number): void {
    const { up, down } = this.#watched(instrument)
    if (up.size > 0) this.#takeReached(up, instrument, ticks, price)
    if (down.size > 0) this.#takeReached(down, instrument, ticks, price)
  }

  /** The order of an account has filled, completely or in part. */
  filled({ account, instrument, orderId, clientOrderId, side }: AccountOrder, lots: number, ticks: number): void {
    const { onFills } = this.ofAccount(account)
    if (onFills.size === 0) return
    const fill = { price: instrument.price(ticks), size: instrument.size(lots), side, orderId, clientOrderId }
    for (const alert of onFills) {
      if ((alert.state.orderId ?? orderId) === orderId) this.#trigger(alert, instrument, fill)
    }
  }

  /** The order ends without further fills. An alert that waits for one of it had none. */
  orderEnded({ account, orderId }: AccountOrder): void {
    const alerts = this.ofAccount(account)
    for (const alert of alerts.onFills) {
      if (alert.state.orderId !== orderId) continue
      alerts.end(alert, { ...alert.state, status: 'canceled', endedAt: this.#nowMs })
    }
  }

  /** The instrument is in its new phase. */
  phaseChanged(instrument: TradedInstrument, from: Phase): void {
    const { phase } = instrument
    const { halts, resumes } = this.#watched(instrument)
    if (isHalt(phase) && !isHalt(from)) for (const alert of halts) this.#trigger(alert, instrument, { phase })
    if (isMatching(phase) && !isMatching(from)) for (const alert of resumes) this.#trigger(alert, instrument, { phase })
  }

  /** Sends to each owner what the current command has triggered. */
  publish(privateLog: PrivateLog): void {
    if (this.#triggered.length === 0) return
    // Alerts of one account keep the order in which they triggered. That of different accounts with the same price
    // would depend on when each was created, which a checkpoint does not keep.
    const triggered = this.#triggered.sort((a, b) => a.account.index - b.account.index)
    this.#triggered = []
    for (const { account, state } of triggered) privateLog.alert(account, state, this.#log.ts)
  }

  #takeReached(reached: StopBook<Alert>, instrument: TradedInstrument, ticks: number, price: number): void {
    for (let alert = reached.take(ticks); alert !== undefined; alert = reached.take(ticks)) {
      this.#trigger(alert, instrument, { price })
    }
  }

  #trigger(alert: Alert, { symbol }: TradedInstrument, found: Omit<Trigger, 'time' | 'symbol'>): void {
    this.#unwatch(alert)
    const trigger = { time: this.#log.time, symbol, ...found }
    this.ofAccount(alert.account).end(alert, { ...alert.state, status: 'triggered', endedAt: this.#nowMs, trigger })
    this.#triggered.push(alert)
  }

  #unwatch(alert: Alert): void {
    if (alert.instrument === undefined) return
    const { up, down, halts, resumes } = this.#watched(alert.instrument)
    up.remove(alert)
    down.remove(alert)
    halts.delete(alert)
    resumes.delete(alert)
  }

  #watched({ index }: TradedInstrument): Watched {
    return this.#byInstrument[index]!
  }

  get #nowMs(): number {
    return Math.floor(this.#log.ts / 1_000)
  }
}

/** By the operator, or by a price band. */
function isHalt(phase: Phase): boolean {
  return phase === 'halted' || phase === 'paused'
}
