// Where a number is in a list of events, which is in the order of their numbers and may have holes.

/** Of the first event with this number or a higher one; the length of the list where there is none. Binary search. */
export function firstIndex(events: readonly { readonly seq: number }[], seq: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (events[middle]!.seq < seq) low = middle + 1
    else high = middle
  }
  return low
}
