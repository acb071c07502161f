// What a person has chosen for the chart, kept in this browser: the time zone and what is drawn over the candles.

import type { Preference } from '../dashboard/preferences.ts'
import type { TimeZone } from '../format/time-zone.ts'

/** What can be drawn over the candles, in the order of the menu. */
export const OVERLAYS = {
  orders: 'Open orders',
  alerts: 'Alerts',
  fills: 'Fills',
  averageCost: 'Average cost',
  vwap: 'VWAP of the day',
  movingAverage: 'Moving average, 20 bars',
} as const
export type OverlayName = keyof typeof OVERLAYS

export interface ChartOptions {
  readonly zone: TimeZone
  readonly overlays: Readonly<Record<OverlayName, boolean>>
}

const SHOWN_AT_FIRST: ChartOptions['overlays'] = {
  orders: true,
  alerts: true,
  fills: true,
  averageCost: true,
  vwap: false,
  movingAverage: false,
}

export const CHART_OPTIONS: Preference<ChartOptions> = {
  key: 'chart',
  read(stored) {
    const { zone, overlays } = (stored ?? {}) as { readonly zone?: unknown; readonly overlays?: unknown }
    const shown = (overlays ?? {}) as Readonly<Record<string, unknown>>
    const read = (name: OverlayName) => (typeof shown[name] === 'boolean' ? shown[name] : SHOWN_AT_FIRST[name])
    const names = Object.keys(OVERLAYS) as OverlayName[]
    return {
      zone: zone === 'local' ? 'local' : 'utc',
      overlays: Object.fromEntries(names.map(name => [name, read(name)])) as ChartOptions['overlays'],
    }
  },
}
