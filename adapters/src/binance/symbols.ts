// Symbols of a spot market: an instrument of this market is bought with its currency, so that PPR is PPRUSD. Pure.

/** The currency that every instrument is quoted in. */
export const QUOTE_ASSET = 'USD'

export function pairOf(symbol: string): string {
  return `${symbol}${QUOTE_ASSET}`
}

/** The instrument of a pair; undefined for a text that is none. */
export function symbolOfPair(pair: string): string | undefined {
  return pair.length > QUOTE_ASSET.length && pair.endsWith(QUOTE_ASSET) ? pair.slice(0, -QUOTE_ASSET.length) : undefined
}
