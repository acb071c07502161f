// What a person has set on the ladder: how many ticks a row has, whether its figures are sizes or totals, and whether a
// ladder without room for both shows its rows or the depth chart. Pure.

import type { Preference } from '../dashboard/preferences.ts'

export const GROUP_TICKS = [1, 5, 10, 50] as const

export interface LadderOptions {
  readonly groupTicks: (typeof GROUP_TICKS)[number]
  /** `total`: of the row and all better ones. */
  readonly figures: 'size' | 'total'
  readonly shows: 'rows' | 'depth'
}

export const LADDER_OPTIONS: Preference<LadderOptions> = {
  key: 'ladder',
  read(stored) {
    const { groupTicks, figures, shows } = (stored ?? {}) as Partial<LadderOptions>
    return {
      groupTicks: GROUP_TICKS.find(one => one === groupTicks) ?? 1,
      figures: figures === 'total' ? 'total' : 'size',
      shows: shows === 'depth' ? 'depth' : 'rows',
    }
  },
}
