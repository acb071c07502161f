"""A Gymnasium environment of a market maker: it quotes both sides of one instrument and is rewarded for its equity.

Needs gymnasium (``pip install gymnasium``), which the rest of the package does not.
"""

from __future__ import annotations

from typing import Any, Optional

try:
    import gymnasium
    import numpy
except ImportError as error:
    raise ImportError(
        "papertape.environment needs gymnasium; install it with: pip install gymnasium"
    ) from error

from .market import Market
from .observation import Observation

_SEEDS = 2**31


class MarketEnv(gymnasium.Env[Any, Any]):
    """Each step quotes, keeps the quotes of before whose price is the same, and lets `step_ms` of market time pass.

    **Action**, two whole numbers, of the bid and of the ask: 0 quotes nothing there, 1 joins the best price,
    2 is a tick behind it, up to `offsets`.

    **Observation**, six numbers: the spread in ticks; the imbalance of the best sizes, -1 to 1; how far the mid price
    moved in the last step, in ticks; what aggressors bought less what they sold in it, in quotes; the position as a
    share of `position_max`; the share of the episode that is left.

    **Reward**: the change of the equity at mid prices, less `position_penalty` times the square of the position in
    quotes.

    Another task is a subclass with other spaces that overrides :meth:`act`, :meth:`features` or :meth:`reward`.

    :param step_ms: market time of a step.
    :param quote_size: size of each quote.
    :param offsets: the number of prices of a side that a quote may have.
    :param position_max: nothing is quoted that could take the position beyond it.
    :param market: further arguments of :class:`papertape.Market`, such as preset, duration, program.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(
        self,
        *,
        step_ms: float = 1_000,
        quote_size: int = 100,
        offsets: int = 3,
        position_max: int = 1_000,
        position_penalty: float = 0.0,
        **market: Any,
    ) -> None:
        self.step_ms = step_ms
        self.quote_size = quote_size
        self.position_max = position_max
        self.position_penalty = position_penalty
        self.action_space = gymnasium.spaces.MultiDiscrete([offsets + 1, offsets + 1])
        self.observation_space = gymnasium.spaces.Box(-numpy.inf, numpy.inf, (6,), numpy.float32)
        self.market: Optional[Market] = None
        """The market of the episode, from the first reset on."""
        self._terms: dict[str, Any] = {"preset": "small-tick", "duration": "10m", "margin": True, **market}

    def reset(
        self, *, seed: Optional[int] = None, options: Optional[dict[str, Any]] = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begins an episode: with a seed always the same one, without one the next of the environment's own draws."""
        super().reset(seed=seed)
        market_seed = int(self.np_random.integers(_SEEDS))
        if self.market is None:
            self.market = Market(market_seed, **self._terms)
        else:
            self.market.reset(market_seed)
        observation = self.market.observation
        self._worth = self.worth(observation)
        return self.features(observation, observation), {"observation": observation}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Quotes, and lets the time of a step pass. The end of the episode terminates it."""
        assert self.market is not None, "reset() comes before step()"
        before = self.market.observation
        self.act(before, action)
        observation = self.market.step(by=self.step_ms)
        worth = self.worth(observation)
        reward = self.reward(observation, worth - self._worth)
        self._worth = worth
        features = self.features(before, observation)
        return features, reward, observation.done, False, {"observation": observation}

    def close(self) -> None:
        """Ends the market."""
        if self.market is not None:
            self.market.close()
            self.market = None

    def act(self, observation: Observation, action: Any) -> None:
        """Sends the orders of an action with the next step."""
        market = self.market
        assert market is not None
        book = observation.book
        tick = market.instruments[0]["tickSize"]
        bid_offset, ask_offset = int(action[0]), int(action[1])
        room = self.position_max - self.quote_size
        quotes: dict[str, float] = {}
        if bid_offset > 0 and book.bid is not None and book.position <= room:
            quotes["buy"] = _on_grid(book.bid - (bid_offset - 1) * tick, tick)
        if ask_offset > 0 and book.ask is not None and book.position >= -room:
            quotes["sell"] = _on_grid(book.ask + (ask_offset - 1) * tick, tick)
        for order in observation.open_orders:
            if order.leaves_size == self.quote_size and quotes.get(order.side) == order.price:
                del quotes[order.side]
            else:
                market.cancel(order.client_order_id)
        if "buy" in quotes:
            market.buy(self.quote_size, quotes["buy"], postOnly=True)
        if "sell" in quotes:
            market.sell(self.quote_size, quotes["sell"], postOnly=True)

    def worth(self, observation: Observation) -> float:
        """Cash, and the position at the mid price."""
        mid = observation.mid
        return observation.cash + observation.position * (observation.book.last if mid is None else mid)

    def reward(self, observation: Observation, gain: float) -> float:
        """The reward of a step. `gain` is the change of :meth:`worth`."""
        return gain - self.position_penalty * (observation.position / self.quote_size) ** 2

    def features(self, before: Observation, now: Observation) -> Any:
        """What the agent is shown."""
        market = self.market
        assert market is not None
        tick = market.instruments[0]["tickSize"]
        book, earlier = now.book, before.book
        is_quoted = book.bid is not None and book.ask is not None
        sizes = book.bid_size + book.ask_size
        flow = (book.bought - earlier.bought) - (book.sold - earlier.sold)
        moved = 0.0 if now.mid is None or before.mid is None else (now.mid - before.mid) / tick
        left = (market.end_time - now.time) / (market.end_time - market.start_time)
        values = [
            (book.ask - book.bid) / tick if is_quoted else 0.0,
            (book.bid_size - book.ask_size) / sizes if sizes > 0 else 0.0,
            moved,
            flow / self.quote_size,
            book.position / self.position_max,
            left,
        ]
        return numpy.array(values, numpy.float32)


def _on_grid(price: float, tick: float) -> float:
    """The price without the rounding errors of its arithmetic."""
    return round(round(price / tick) * tick, 4)
