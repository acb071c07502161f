// The known name that is nearest to a mistyped one, for error messages. The server uses it for fields, parameters and
// variables, the simulator for commands, flags and scenarios.

/** Only so many characters of a name are compared. */
const COMPARED_MAX = 32

/**
 * Compares without case, `-` and `_`.
 * @param synonyms known names for the names of other systems, which are in lower case without `-` and `_`.
 * @returns undefined when none is near.
 */
export function nearestName(
  name: string,
  known: readonly string[],
  synonyms: Readonly<Record<string, readonly string[]>> = {},
): string | undefined {
  const plain = plainName(name)
  if (plain === '') return undefined
  const same = known.find(other => plainName(other) === plain)
  if (same !== undefined) return same
  const meant = Object.hasOwn(synonyms, plain) ? synonyms[plain]! : []
  const synonym = meant.find(other => known.includes(other))
  if (synonym !== undefined) return synonym
  const [best] = known
    .map(other => ({ other, distance: editDistance(plain, plainName(other)) }))
    .sort((a, b) => a.distance - b.distance)
  // At most half of the characters may differ.
  if (best !== undefined && best.distance <= Math.max(1, Math.floor(plainName(best.other).length / 2)))
    return best.other
  if (plain.length < 3) return undefined
  return known.find(other => plainName(other).includes(plain) || plain.includes(plainName(other)))
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '').slice(0, COMPARED_MAX)
}

/** Damerau-Levenshtein distance: two swapped letters count once. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i || j))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(change, rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1)
      rows[i]![j] = least
    }
  }
  return rows[a.length]![b.length]!
}
