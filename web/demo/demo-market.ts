// The market of the demo: opens in a moment, also on a phone, and has a past for the chart.

export const DEMO_MARKET = {
  seed: 7,
  symbols: 6,
  past: '3m',
  eventsKept: 20_000,
  rules: 'standard',
  storeName: 'papertape-demo',
} as const
