// Runs random messages in seven profiles through an audited matching engine. Called by soak.ts and the tests.

import { FLOW_PROFILES, MessageFlow } from './random-messages.ts'

const ALL_LEVELS_EVERY = 10_000

/** @returns how many messages were sent. @throws at the first message after which a check fails. */
export function soakBooks(messagesCount: number, seed: number, report: (line: string) => void): number {
  const each = Math.ceil(messagesCount / FLOW_PROFILES.length)
  for (const profile of FLOW_PROFILES) {
    const flow = new MessageFlow(profile, seed)
    for (let sent = 1; sent <= each; sent++) {
      try {
        flow.send()
        if (sent % ALL_LEVELS_EVERY === 0 || sent === each) flow.auditor.checkAll()
      } catch (error) {
        const again = `SEED=${seed} npm run soak -w @papertape/engine -- books`
        throw new Error(`Message ${sent} of profile ${profile.name}, seed ${seed}. Again with: ${again}`, {
          cause: error,
        })
      }
    }
    report(`${profile.name}: ${each} messages, ${flow.auditor.engine.orderCount()} orders rest`)
  }
  return each * FLOW_PROFILES.length
}
