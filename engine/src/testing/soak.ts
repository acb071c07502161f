// `npm run soak -w @papertape/engine`: ten million random messages in seven profiles, everything that must be true of a
// book checked after each. The tests run the same with fewer. `SEED=… npm run soak …` repeats a failure.

import { FLOW_PROFILES, MessageFlow } from './message-flow.ts'

const ALL_LEVELS_EVERY = 10_000

/** Throws at the first message after which something is not as it must be. Answers how many were sent. */
export function soak(messagesCount: number, seed: number, tell: (line: string) => void): number {
  const each = Math.ceil(messagesCount / FLOW_PROFILES.length)
  for (const profile of FLOW_PROFILES) {
    const flow = new MessageFlow(profile, seed)
    for (let sent = 1; sent <= each; sent++) {
      try {
        flow.send()
        if (sent % ALL_LEVELS_EVERY === 0 || sent === each) flow.auditor.checkAll()
      } catch (error) {
        throw new Error(`Message ${sent} of profile ${profile.name}, seed ${seed}`, { cause: error })
      }
    }
    tell(`${profile.name}: ${each} messages, ${flow.auditor.engine.orderCount()} orders rest`)
  }
  return each * FLOW_PROFILES.length
}

if (import.meta.main) {
  const seed = Number(process.env.SEED ?? Math.trunc(Math.random() * 2 ** 31))
  console.log(`Seed ${seed}`)
  const startedMs = performance.now()
  const sent = soak(10_000_000, seed, console.log)
  console.log(`${sent} messages in ${Math.round((performance.now() - startedMs) / 1000)} s, nothing wrong`)
}
