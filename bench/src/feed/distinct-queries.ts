// Parameters of streams of which no two are the same, so that the server can share nothing between them. No I/O.

const SYMBOLS_EACH = 3
const RATES = 30

/**
 * Each has three instruments that no other has together, and a rate from 1 to 30 a second.
 *
 * @param count at most as many as there are choices of three of the symbols
 */
export function distinctQueries(symbols: readonly string[], count: number): string[] {
  const choices = choose(symbols, SYMBOLS_EACH)
  if (choices.length < count) throw new Error(`Broken invariant: ${choices.length} choices for ${count} queries`)
  // Taken from all over the list, whose neighbours differ in one instrument.
  return Array.from({ length: count }, (_, index) => {
    const choice = choices[Math.floor((index * choices.length) / count)]!
    return `symbols=${choice.join(',')}&maxHz=${1 + (index % RATES)}`
  })
}

function choose(symbols: readonly string[], size: number): string[][] {
  if (size === 0) return [[]]
  return symbols.flatMap((first, index) => choose(symbols.slice(index + 1), size - 1).map(others => [first, ...others]))
}
