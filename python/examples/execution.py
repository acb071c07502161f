"""Trains an agent that buys 1,000 shares within a minute, with a table of what each action led to:
python execution.py [EPISODES].

Every two seconds it either rests a bid at the best price or buys 100 shares at the market; what is left at the end is
bought at the market. It knows which third of the minute it is, whether it is behind an even pace, and which side of the book is larger. A fill
costs what it was above the mid price at the end of its step, in cents a share of the whole order. Each episode is a
market of another seed. In the end the agent is compared, over seeds that it has not seen, with three that learn nothing.
"""

from __future__ import annotations

import random
import sys
import time
from typing import Callable

from papertape import Market, Observation

EPISODES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
COMPARED_EPISODES = max(2, EPISODES // 5)
FIRST_COMPARED_SEED = 1_000_000
TO_BUY = 1_000
SLICE = 100
STEP_MS = 2_000
STEPS = 30
REST, TAKE = range(2)
LEARNING_RATE = 0.01

State = tuple[int, bool, int]
Policy = Callable[[State], int]
Values = dict[State, list[float]]


def bought(observation: Observation) -> int:
    return observation.position


def state_of(observation: Observation, step: int) -> State:
    book = observation.book
    sizes = book.bid_size + book.ask_size
    imbalance = (book.bid_size - book.ask_size) / sizes if sizes > 0 else 0
    is_behind = bought(observation) * STEPS < TO_BUY * step
    return step * 3 // STEPS, is_behind, (imbalance > 0.3) - (imbalance < -0.3)


def act(market: Market, observation: Observation, action: int) -> Observation:
    """Sends the orders of an action and lets the time of a step pass."""
    size = min(SLICE, TO_BUY - bought(observation))
    bid = observation.book.bid
    keeps = False
    for order in observation.open_orders:
        keeps = action == REST and order.price == bid
        if not keeps:
            market.cancel(order.client_order_id)
    if action == TAKE:
        market.buy(size)
    elif bid is not None and not keeps:
        market.buy(size, bid)
    return market.step(by=STEP_MS)


def buy_rest(market: Market, observation: Observation) -> Observation:
    market.cancel_all()
    market.buy(TO_BUY - bought(observation))
    return market.step(by=STEP_MS)


def reward_of(observation: Observation) -> float:
    fills = [(each["lastSize"], each["lastPrice"]) for each in observation.executions if each["lastSize"] > 0]
    mid = observation.mid or observation.book.last
    return 100 / TO_BUY * sum(size * (mid - price) for size, price in fills)


def run_episode(market: Market, seed: int, policy: Policy, values: Values | None = None) -> float:
    """Returns the cost in cents a share; learns from it into `values`."""
    observation = market.reset(seed)
    taken: list[tuple[State, int]] = []
    rewards: list[float] = []
    for step in range(STEPS):
        state = state_of(observation, step)
        action = policy(state)
        observation = act(market, observation, action)
        taken.append((state, action))
        rewards.append(reward_of(observation))
        if bought(observation) == TO_BUY:
            break
    if bought(observation) < TO_BUY:
        rewards[-1] += reward_of(buy_rest(market, observation))
    if values is not None:
        later = 0.0
        for (state, action), reward in zip(reversed(taken), reversed(rewards)):
            later += reward
            known = values_of(values, state)
            known[action] += LEARNING_RATE * (later - known[action])
    return -sum(rewards)


def values_of(values: Values, state: State) -> list[float]:
    """Of both actions."""
    return values.setdefault(state, [0.0, 0.0])


def main() -> None:
    random.seed(1)
    values: Values = {}

    def learned(state: State) -> int:
        known = values_of(values, state)
        return known.index(max(known))

    def explored(state: State, exploration: float) -> int:
        return at_random(state) if random.random() < exploration else learned(state)

    def at_random(_: State) -> int:
        return random.randrange(2)

    with Market(0, preset="small-tick", duration="80s", warm_up="15s") as market:
        started = time.perf_counter()
        for episode in range(EPISODES):
            exploration = 0.5 * (1 - episode / EPISODES)
            run_episode(market, episode, lambda state: explored(state, exploration), values)
        print(f"trained {EPISODES} episodes in {time.perf_counter() - started:.1f} s, {len(values)} states")
        seeds = range(FIRST_COMPARED_SEED, FIRST_COMPARED_SEED + COMPARED_EPISODES)
        policies: dict[str, Policy] = {
            "always takes": lambda _: TAKE,
            "always rests": lambda _: REST,
            "at random": at_random,
            "as learned": learned,
        }
        for name, policy in policies.items():
            cost = sum(run_episode(market, seed, policy) for seed in seeds) / COMPARED_EPISODES
            print(f"cost in cents a share, {name}: {cost:.3f}")


if __name__ == "__main__":
    main()
