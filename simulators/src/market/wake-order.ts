// A priority queue of the agents' wake times, as a tournament tree: a change of one time replays only the matches from
// its leaf to the root. Used by market.ts.

export interface WakeOrder {
  /** The number of the agent that wakes first; the lower one of two at the same time. */
  readonly first: number
  timeOf(agent: number): number
  set(agent: number, time: number): void
}

export function createWakeOrder(times: readonly number[]): WakeOrder {
  let leaves = 1
  while (leaves < times.length) leaves *= 2
  const wakes = new Float64Array(leaves).fill(Number.POSITIVE_INFINITY)
  wakes.set(times)
  /** The winner of match n plays in match n >> 1; agent a enters at match (leaves + a) >> 1; match 1 is the final. */
  const winners = new Int32Array(leaves * 2)
  for (let agent = 0; agent < leaves; agent++) winners[leaves + agent] = agent
  for (let match = leaves - 1; match >= 1; match--) play(match)

  function play(match: number): void {
    const left = winners[match * 2]!
    const right = winners[match * 2 + 1]!
    winners[match] = wakes[right]! < wakes[left]! ? right : left
  }

  return {
    get first() {
      return winners[1]!
    },
    timeOf: agent => wakes[agent]!,
    set(agent, time) {
      wakes[agent] = time
      for (let match = (leaves + agent) >> 1; match >= 1; match >>= 1) play(match)
    },
  }
}
