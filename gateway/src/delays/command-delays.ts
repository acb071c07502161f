// Holds the commands of accounts whose profile has a latency before they are sent to the venue: each account's in their
// order, the losses of its sessions among them. What is held is lost with the server. Used by venue-client.ts.

import { unitOf } from '@papertape/engine'
import { type Clock, type Command, type Latency, SCRIPT_LIMITS, type TestProfile } from '@papertape/protocol'

interface DelayedAccount {
  readonly latency: Latency | undefined
  readonly seed: number
  /** For orders: as the exchange counts them. */
  commands: number
  /** When the last one that is held is sent. */
  dueMs: number
  readonly held: (() => void)[]
}

/** They are counted, and draw anew. */
const COUNTED: ReadonlySet<Command['type']> = new Set(['order.place', 'order.replace', 'order.cancel'])
const HELD: ReadonlySet<Command['type']> = new Set([
  ...COUNTED,
  'order.cancelAll',
  'order.cancelAllAfter',
  'session.guard',
  'session.lose',
  'account.profile',
])
/** The sum of so many draws is nearly normal, with variance 1. */
const NORMAL_DRAWS = 12

export class CommandDelays {
  readonly #clock: Clock
  readonly #accounts = new Map<string, DelayedAccount>()
  #isStopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param commands that the exchange has counted since the profile was set. */
  set(accountId: string, { latency, seed }: TestProfile, commands: number): void {
    const { dueMs = 0, held = [] } = this.#accounts.get(accountId) ?? {}
    this.#accounts.set(accountId, { latency, seed, commands, dueMs, held })
  }

  /** Sends it now or later. @returns how long it is held, undefined for a command that is not. */
  carry(command: Command, send: () => void): number | undefined {
    const account = 'accountId' in command && HELD.has(command.type) ? this.#accounts.get(command.accountId) : undefined
    if (account !== undefined && COUNTED.has(command.type)) account.commands++
    const profile = command.type === 'account.profile' ? command.profile : undefined
    // What is on its way under an older profile is not overtaken, by a new one neither.
    const isImmediate = profile !== undefined || account?.latency === undefined
    let heldMs: number | undefined
    if (account === undefined || (isImmediate && account.held.length === 0)) send()
    else heldMs = this.#hold(account, isImmediate, send)
    if (profile !== undefined && 'accountId' in command) this.set(command.accountId, profile, 0)
    return heldMs
  }

  #hold(account: DelayedAccount, isImmediate: boolean, send: () => void): number {
    const { latency, seed, commands, held } = account
    const nowMs = this.#clock.nowMs()
    const drawnMs = isImmediate ? 0 : latencyOf(latency!, seed, commands)
    account.dueMs = Math.max(account.dueMs, nowMs + drawnMs)
    held.push(send)
    // Each timer sends the first one: the times rise.
    this.#clock.setTimer(() => this.#sendFirst(held), account.dueMs - nowMs)
    return Math.round(account.dueMs - nowMs)
  }

  /** What is held is not sent any more. */
  stop(): void {
    this.#isStopped = true
  }

  #sendFirst(held: (() => void)[]): void {
    if (!this.#isStopped) held.shift()?.()
  }
}

/** Milliseconds, the same for the same seed and number. */
export function latencyOf(latency: Latency, seed: number, number: number): number {
  const ms =
    latency.kind === 'fixed'
      ? latency.ms
      : latency.kind === 'normal'
        ? latency.meanMs + latency.deviationMs * normalOf(seed, number)
        : latency.leastMs / Math.sqrt(unitOf(seed, number, 'latency'))
  return Math.min(SCRIPT_LIMITS.delayMsMax, Math.max(0, Math.round(ms)))
}

function normalOf(seed: number, number: number): number {
  let sum = -NORMAL_DRAWS / 2
  for (let draw = 0; draw < NORMAL_DRAWS; draw++) sum += unitOf(seed, number, 'latency', draw)
  return sum
}
