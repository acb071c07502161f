// The market of the demo: small enough for a phone, with enough past for a chart.

export const DEMO_MARKET = {
  seed: 7,
  symbols: 8,
  past: '5m',
  eventsKept: 20_000,
  rules: 'standard',
  storeName: 'papertape-demo',
} as const
