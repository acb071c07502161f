// Endless random commands for an audited exchange, in runs: each under the next of the rules, on an exchange of its own, from
// a seed of its own, so that memory stays bounded and a failure is repeated from its run. Called by the soak and the tests.

import fc from 'fast-check'
import { Auditor, type Step } from '../audit/exchange-auditor.ts'
import { RULES, stampAll, timedCommand } from './random-commands.ts'

/** A few more than there are ids: later commands would meet only dead orders. */
const RUN_MESSAGES = 250
const REMEMBERED_EVERY = 50

/** Throws at the first message after which something is not as it must be. Answers how many were sent. */
export function soakExchange(messagesCount: number, seed: number, tell: (sent: number) => void): number {
  let sent = 0
  for (let runSeed = seed; sent < messagesCount; runSeed++) {
    sent += runOnce(runSeed)
    tell(sent)
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

function print({ command, stamp }: Step): string {
  return `${JSON.stringify(command)} at ${stamp.time}`
}
