// Runs requirements against a target, several at a time, and gives the verdict of each. Prints nothing; called by the
// command and by tests.

import { Deviation, NotOffered } from '../judgement/expect.ts'
import { Probe } from '../target/probe.ts'
import type { Target } from '../target/target.ts'
import { createTargetClock } from '../target/target-clock.ts'
import type { Requirement } from './requirement.ts'

/** More at a time would measure this process instead of the target. */
const CONCURRENT_MAX = 16
const CHECK_LIMIT_MS = 60_000

export type RequirementVerdict =
  | { readonly status: 'passed' }
  /** What was expected and what was seen. */
  | { readonly status: 'failed'; readonly detail: string }
  | { readonly status: 'notOffered'; readonly detail: string }

export interface RequirementResult {
  readonly requirement: Requirement
  readonly verdict: RequirementVerdict
  readonly durationMs: number
}

export interface SuiteOptions {
  /** A check that takes longer has failed. */
  readonly limitMs?: number
  /** Called with each result as soon as it is known. */
  readonly onResult?: (result: RequirementResult) => void
}

/** @returns the results in the order of the requirements. */
export async function runSuite(
  target: Target,
  requirements: readonly Requirement[],
  { limitMs = CHECK_LIMIT_MS, onResult = () => {} }: SuiteOptions = {},
): Promise<readonly RequirementResult[]> {
  const clock = createTargetClock(target.advance)
  const results = new Map<Requirement, RequirementResult>()
  const waiting = [...requirements].sort((a, b) => b.waitsMs - a.waitsMs)
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const probe = new Probe(target, clock)
      const result = await judge(next, probe, limitMs)
      results.set(next, result)
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT_MAX }, worker))
  return requirements.map(one => results.get(one)!)
}

async function judge(requirement: Requirement, probe: Probe, limitMs: number): Promise<RequirementResult> {
  const startMs = performance.now()
  const verdict = await probe
    .within(requirement.check(probe), 'the end of the check', limitMs)
    .then((): RequirementVerdict => ({ status: 'passed' }), verdictOf)
  probe.close()
  return { requirement, verdict, durationMs: performance.now() - startMs }
}

function verdictOf(error: unknown): RequirementVerdict {
  if (error instanceof NotOffered) return { status: 'notOffered', detail: error.message }
  if (error instanceof Deviation) return { status: 'failed', detail: error.message }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return { status: 'failed', detail: `the check could not go on: ${error}${cause}` }
}
