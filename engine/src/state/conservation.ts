// Checks at each checkpoint that no cash and no share was created or lost: the accounts together hold what was paid in
// and what they got from desks, less what they gave to desks and to the venue. That is counted from the trades, not
// from the accounts; it begins anew with each restored state. Desks have neither cash nor shares of their own.

import { SIDE } from '../matching/codes.ts'
import type { Account } from '../model/account.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { assert } from '../primitives/assert.ts'

export class Conservation {
  /** What all accounts hold, and what they must hold. A sum may be larger than a double can hold exactly. */
  #heldUnits = 0n
  #dueUnits = 0n
  /** By the instrument's index. */
  readonly #heldLots: number[]
  readonly #dueLots: number[]

  constructor(instruments: readonly TradedInstrument[]) {
    this.#heldLots = instruments.map(() => 0)
    this.#dueLots = instruments.map(() => 0)
  }

  /** After a restore: what the accounts hold is what they must hold. */
  begin(): void {
    this.#dueUnits = this.#heldUnits
    for (const [index, lots] of this.#heldLots.entries()) this.#dueLots[index] = lots
  }

  /** Cash that the accounts got from outside of the market; negative: that they gave to the venue. */
  paidIn(units: number): void {
    this.#dueUnits += BigInt(units)
  }

  /** A desk has traded with an account. @param side the desk's, by SIDE. */
  deskTraded(instrument: TradedInstrument, side: number, lots: number, ticks: number): void {
    const sign = side === SIDE.sell ? 1 : -1
    this.#dueLots[instrument.index]! += sign * lots
    this.#dueUnits -= BigInt(sign * instrument.units(ticks, lots))
  }

  /** An account has changed: counts what it holds now instead of what was counted before. */
  count(account: Account): void {
    this.#heldUnits += BigInt(account.cashUnits - account.counted.cashUnits)
    account.counted.cashUnits = account.cashUnits
    for (const position of account.positions.values()) {
      this.#heldLots[position.instrument.index]! += position.lots - position.countedLots
      position.countedLots = position.lots
    }
  }

  /** All changed accounts have been counted. */
  check(): void {
    assert(this.#heldUnits === this.#dueUnits, 'no cash is created or lost')
    assert(
      this.#heldLots.every((lots, index) => lots === this.#dueLots[index]),
      'no share is created or lost',
    )
  }
}
