// The row of an account in a checkpoint, and how it is restored: additive, so that an account that does not use a field
// is stored as it was before there was that field. Called by checkpoint.ts.

import type { TestProfile } from '@papertape/protocol'
import { type TokenRow, tokensFromRows } from '../access/account-tokens.ts'
import type { SessionGuard } from '../access/session-guard.ts'
import type { AlertRows } from '../alerts/account-alerts.ts'
import { Account, type AccountDeposit } from '../model/account.ts'
import { NEVER } from '../model/instrument.ts'
import type { ExchangeState } from './exchange-state.ts'

type PositionRow = readonly [
  instrument: number,
  lots: number,
  costUnits: number,
  realisedUnits: number,
  offeredLots: number,
  /** Of margin accounts only. */
  bidUnits?: number,
]

/** The last two are only there for a session with a grace, and for one that is lost. */
type GuardRow = readonly [sessionId: string, cancels: SessionGuard['cancels'], graceMs?: number, dueUs?: number]

type DepositRow = readonly [clientDepositId: string, amountUnits: number, cashUnits: number, seq: number, ts: number]

export interface AccountState {
  readonly accountId: string
  readonly tokenHash: string
  readonly cashUnits: number
  readonly reservedUnits: number
  readonly streamSeq: number
  readonly sent: readonly [cashUnits: number, buyingPowerUnits: number]
  readonly queueEventsDue: number
  readonly guards: readonly GuardRow[]
  readonly cancelAllUs?: number
  readonly tokens?: readonly TokenRow[]
  readonly alerts?: AlertRows
  readonly deposits?: readonly DepositRow[]
  /** A margin account. */
  readonly margin?: true
  readonly marginCallDue?: number
  /** For tests. */
  readonly testing?: true
  readonly testProfile?: readonly [TestProfile, commands: number]
  readonly positions: readonly PositionRow[]
}

export function accountState(state: ExchangeState, account: Account): AccountState {
  const { accountId, tokenHash, cashUnits, reservedUnits, streamSeq, sent, queueEventsDue } = account
  const tokens = account.tokens.rows()
  const alerts = state.alerts.ofAccount(account).rows()
  return {
    accountId,
    tokenHash,
    cashUnits,
    reservedUnits,
    streamSeq,
    sent: [sent.cashUnits, sent.buyingPowerUnits],
    queueEventsDue,
    guards: [...account.guards].map(guardRow),
    ...(account.cancelAllUs === undefined ? {} : { cancelAllUs: account.cancelAllUs }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(alerts === undefined ? {} : { alerts }),
    ...(account.deposits.length === 0 ? {} : { deposits: account.deposits.map(depositRow) }),
    ...(account.margin === undefined ? {} : { margin: true }),
    ...(account.marginCallDue === NEVER ? {} : { marginCallDue: account.marginCallDue }),
    ...(account.isTesting ? { testing: true } : {}),
    ...(account.testProfile === undefined ? {} : { testProfile: [account.testProfile, account.testCommands] }),
    positions: account.heldPositions().map(positionRow),
  }
}

function depositRow({ clientDepositId, amountUnits, cashUnits, seq, ts }: AccountDeposit): DepositRow {
  return [clientDepositId, amountUnits, cashUnits, seq, ts]
}

function positionRow(position: ReturnType<Account['heldPositions']>[number]): PositionRow {
  const { instrument, lots, costUnits, realisedUnits, offeredLots, bidUnits } = position
  const row = [instrument.index, lots, costUnits, realisedUnits, offeredLots] as const
  return bidUnits === 0 ? row : [...row, bidUnits]
}

function guardRow([sessionId, { cancels, graceMs, dueUs }]: readonly [string, SessionGuard]): GuardRow {
  if (dueUs !== undefined) return [sessionId, cancels, graceMs, dueUs]
  return graceMs === 0 ? [sessionId, cancels] : [sessionId, cancels, graceMs]
}

export function restoreAccount(state: ExchangeState, saved: AccountState): void {
  const { accountId, tokenHash, cashUnits, sent } = saved
  const tokens = tokensFromRows(saved.tokens, tokenHash)
  const account = new Account(
    accountId,
    state.accounts.length,
    tokenHash,
    tokens,
    cashUnits,
    saved.margin && state.rules.margin,
  )
  account.isTesting = saved.testing === true
  if (saved.testProfile !== undefined) [account.testProfile, account.testCommands] = saved.testProfile
  account.reservedUnits = saved.reservedUnits
  account.streamSeq = saved.streamSeq
  Object.assign(account.sent, { cashUnits: sent[0], buyingPowerUnits: sent[1] })
  account.queueEventsDue = saved.queueEventsDue
  for (const [sessionId, cancels, graceMs = 0, dueUs] of saved.guards) {
    account.guards.set(sessionId, { cancels, graceMs, ...(dueUs !== undefined && { dueUs }) })
  }
  account.cancelAllUs = saved.cancelAllUs
  account.marginCallDue = saved.marginCallDue ?? NEVER
  account.deposits = (saved.deposits ?? []).map(([clientDepositId, amountUnits, cashUnits, seq, ts]) => ({
    clientDepositId,
    amountUnits,
    cashUnits,
    seq,
    ts,
  }))
  if (account.isGuarded) state.guardChanged(account)
  for (const [index, lots, costUnits, realisedUnits, offeredLots, bidUnits = 0] of saved.positions) {
    const position = account.position(state.instruments[index]!)
    Object.assign(position, { lots, costUnits, realisedUnits, offeredLots, bidUnits })
  }
  if (saved.alerts !== undefined) restoreAlerts(state, account, saved.alerts)
  state.addAccount(account)
  state.changes.account(account)
}

function restoreAlerts(state: ExchangeState, account: Account, [lastId, alerts]: AlertRows): void {
  state.alerts.ofAccount(account).restoreId(lastId)
  for (const alert of alerts) {
    const { symbol } = alert
    state.alerts.add({ account, instrument: symbol === undefined ? undefined : state.instrument(symbol), state: alert })
  }
}
