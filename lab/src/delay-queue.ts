// Delivers each item at its time, in the order in which the items came: a link delays packets and does not reorder
// them. One timer for all items, since timers of different length may fire out of order.

export interface DelayQueue<Item> {
  /** @param dueMs by performance.now(); an item is never delivered before those ahead of it. */
  push(item: Item, dueMs: number): void
  clear(): void
}

export function createDelayQueue<Item>(deliver: (item: Item) => void): DelayQueue<Item> {
  let waiting: { readonly item: Item; readonly dueMs: number }[] = []
  let timer: NodeJS.Timeout | undefined

  function arm(): void {
    const [first] = waiting
    if (first === undefined || timer !== undefined) return
    timer = setTimeout(deliverDue, Math.max(0, first.dueMs - performance.now()))
  }

  function deliverDue(): void {
    timer = undefined
    // Timers count whole milliseconds and may fire a fraction early.
    const nowMs = performance.now() + 1
    while (waiting[0] !== undefined && waiting[0].dueMs <= nowMs) deliver(waiting.shift()!.item)
    arm()
  }

  return {
    push(item, dueMs) {
      waiting.push({ item, dueMs })
      arm()
    },
    clear() {
      clearTimeout(timer)
      timer = undefined
      waiting = []
    },
  }
}
