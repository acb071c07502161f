// What has changed in the saved state of a market source since the flush before: most flushes wake a few of its agents,
// and their states are the elements of one array. Plain JSON in and out.

type State = Readonly<Record<string, unknown>>
/** By key: the new value, or for an array of the same length its new elements by index. */
export type SourceChanges = Readonly<Record<string, unknown>>

/** undefined where only the whole state can say it: a key is gone, or the state is no object. */
export function changesBetween(before: unknown, after: unknown): SourceChanges | undefined {
  if (!isState(before) || !isState(after)) return undefined
  if (Object.keys(before).some(key => !(key in after))) return undefined
  const changes: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(after)) {
    const old = before[key]
    if (isSame(old, value)) continue
    if (!Array.isArray(old)) changes[key] = value
    // In place of an array an object would be taken for its elements.
    else if (!Array.isArray(value)) return undefined
    else changes[key] = old.length === value.length ? changedElements(old, value) : value
  }
  return changes
}

/** The inverse of changesBetween(). */
export function applyChanges(before: unknown, changes: SourceChanges): State {
  const after: Record<string, unknown> = { ...(before as State) }
  for (const [key, change] of Object.entries(changes)) {
    const old = after[key]
    const isElements = Array.isArray(old) && !Array.isArray(change)
    after[key] = isElements ? Object.assign([...old], change) : change
  }
  return after
}

function changedElements(before: readonly unknown[], after: readonly unknown[]): Record<number, unknown> {
  const changed: Record<number, unknown> = {}
  for (const [index, value] of after.entries()) if (!isSame(before[index], value)) changed[index] = value
  return changed
}

function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Agents save flat arrays: compared without making texts of them. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => isSame(value, other[index]))
  }
  return typeof one === 'object' && typeof other === 'object' && JSON.stringify(one) === JSON.stringify(other)
}
