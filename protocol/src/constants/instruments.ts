// Constants of instruments: trading phases and the form of a symbol.

export const PHASES = [
  'preOpen',
  'openingAuction',
  'continuous',
  'limitState',
  'paused',
  'halted',
  'closingAuction',
  'closed',
] as const
export type Phase = (typeof PHASES)[number]

export const SYMBOL_PATTERN = '^[A-Z][A-Z0-9.]{0,11}$'
