// What the operator bar reads and changes of the market that runs, and how long what is going on still takes. No
// connections: app/ hands them in.

import type { MarketAnswer, ScenariosAnswer } from '@papertape/protocol'

/** A change of PATCH /v1/market. */
export interface MarketChangeRequest {
  readonly pace?: string
  readonly scenario?: string
  readonly halt?: { readonly symbol?: string; readonly halted: boolean; readonly reason?: string }
  readonly news?: { readonly headline: string; readonly symbols?: readonly string[]; readonly severity?: string }
}

export interface MarketControl {
  read(): Promise<MarketAnswer>
  change(request: MarketChangeRequest): Promise<MarketAnswer>
  scenarios(): Promise<ScenariosAnswer>
}

export const PACES = ['0.5x', '1x', '5x', '10x', '60x'] as const

/** One text for each scenario that runs or is planned, with the wall time that is left. */
export function goingOn({ scenarios, time, pace }: Pick<MarketAnswer, 'scenarios' | 'time' | 'pace'>): string[] {
  return scenarios.map(({ name, startTime, endTime }) => {
    const [word, untilTime] = startTime > time ? ['begins', startTime] : ['ends', endTime]
    return `${name} ${word} ${leftText(untilTime - time, pace)}`
  })
}

export function isPaused({ pace }: Pick<MarketAnswer, 'pace'>): boolean {
  return pace === '0x'
}

function leftText(marketMs: number, pace: string): string {
  if (pace === '0x') return 'when the market goes on'
  const factor = pace === 'max' ? Number.POSITIVE_INFINITY : Number.parseFloat(pace)
  const seconds = Math.max(0, Math.ceil(marketMs / factor / 1_000))
  return seconds >= 60 ? `in ${Math.floor(seconds / 60)} min ${seconds % 60} s` : `in ${seconds} s`
}
