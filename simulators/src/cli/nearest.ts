// The known word that a mistyped one is nearest to, for a message that asks whether it was meant.

const TYPOS_MAX = 2

/** `; did you mean seed?`, nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map(name => ({ name, typos: typosBetween(word, name) }))
    .filter(({ name, typos }) => typos <= TYPOS_MAX || name.startsWith(word) || word.startsWith(name))
    .sort((a, b) => a.typos - b.typos)
  return word === '' || near.length === 0 ? '' : `; did you mean ${near[0]!.name}?`
}

/** Letters to add, leave out, change or swap with their neighbour (Damerau and Levenshtein). */
function typosBetween(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)])
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, changed, swapped)
    }
  }
  return rows[a.length]![b.length]!
}
