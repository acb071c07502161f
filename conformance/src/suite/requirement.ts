// A requirement: one sentence of the contract and its check. The files of requirements/ make them; suite.ts runs them.

import type { Probe } from '../target/probe.ts'

export interface Requirement {
  /** Its name in reports and for `--only`; unique. */
  readonly id: string
  /** The chapter of the contract. */
  readonly section: string
  readonly text: string
  /** Returns when the target does so. @throws {Deviation | NotOffered} */
  readonly check: (probe: Probe) => Promise<void>
  /** It waits for this long at least; long ones are started first. */
  readonly waitsMs: number
}

type SectionlessRequirement = Omit<Requirement, 'section'>

export function requirement(
  id: string,
  text: string,
  check: Requirement['check'],
  { waitsMs = 0 }: { readonly waitsMs?: number } = {},
): SectionlessRequirement {
  return { id, text, check, waitsMs }
}

export function chapter(section: string, requirements: readonly SectionlessRequirement[]): readonly Requirement[] {
  return requirements.map(one => ({ ...one, section }))
}
