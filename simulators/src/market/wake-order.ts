// Who wakes next: a tournament between all agents by the time of their next wake. A change of one of them replays only the
// matches on its way to the top. For market.ts.

export interface WakeOrder {
  /** The number of the one that wakes first; of two at the same time, the lower. */
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
