// Runs random commands through audited exchanges, in runs with their own exchange, rules and seed, so that memory is
// bounded and a failure can be repeated from its run. Called by soak.ts and the tests.

import fc from 'fast-check'
import { Auditor, type StampedCommand } from '../audit/exchange-auditor.ts'
import { RULES, stampAll, timedCommand } from './random-commands.ts'

/** A few more than there are ids: later commands would meet ended orders only. */
const RUN_MESSAGES = 250
const REMEMBERED_EVERY = 50

/** @returns how many messages were sent. @throws at the first message after which a check fails. */
export function soakExchange(messagesCount: number, seed: number, report: (sent: number) => void): number {
  let sent = 0
  for (let runSeed = seed; sent < messagesCount; runSeed++) {
    sent += runOnce(runSeed)
    report(sent)
  }
  return sent
}

/** The seed chooses the rules too. */
function runOnce(seed: number): number {
  const names = Object.keys(RULES)
  const name = names[seed % names.length]!
  const steps = stampAll(fc.sample(timedCommand, { numRuns: RUN_MESSAGES, seed }))
  const auditor = new Auditor(RULES[name]!)
  for (const [at, step] of steps.entries()) {
    try {
      auditor.take(step)
      if (at % REMEMBERED_EVERY === 0) auditor.checkRemembered()
    } catch (error) {
      const again = `SEED=${seed} npm run soak -w @papertape/engine -- exchange`
      throw new Error(`Message ${at + 1}, ${name} rules: ${print(step)}\nAgain with: ${again}`, { cause: error })
    }
  }
  return steps.length
}

function print({ command, stamp }: StampedCommand): string {
  return `${JSON.stringify(command)} at ${stamp.time}`
}
