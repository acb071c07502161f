// What a person has set on the ladder: how many ticks a row has, and whether its figures are sizes or totals. Pure.

import type { Preference } from '../dashboard/preferences.ts'

export const GROUP_TICKS = [1, 5, 10, 50] as const

export interface LadderOptions {
  readonly groupTicks: (typeof GROUP_TICKS)[number]
  /** `total`: of the row and all better ones. */
  readonly figures: 'size' | 'total'
}

export const LADDER_OPTIONS: Preference<LadderOptions> = {
  key: 'ladder',
  read(stored) {
    const { groupTicks, figures } = (stored ?? {}) as Partial<LadderOptions>
    return {
      groupTicks: GROUP_TICKS.find(one => one === groupTicks) ?? 1,
      figures: figures === 'total' ? 'total' : 'size',
    }
  },
}
