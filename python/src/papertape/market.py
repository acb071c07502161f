"""A simulated market that waits for its agent: market time passes when the agent says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Optional, Sequence, Union

from .connection import Connection, checked
from .errors import PapertapeError
from .observation import Observation, book_type

PROTOCOL = 1
_encode = json.JSONEncoder(separators=(",", ":")).encode

Time = Union[int, float, str]
"""Milliseconds; or text: a duration such as "1s", for `until` also a time of day such as "10:15:00"."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of an episode, kept by the simulator: :meth:`Market.restore` and :meth:`Market.fork` go on from it."""

    number: int
    time: float
    """Market time at which it was saved."""
    pending: tuple[dict[str, Any], ...]
    orders_count: int


class Market:
    """An episode of a simulated market with one account.

    The same arguments, orders and steps give the same observations, byte for byte.

    :param seed: a whole number; the market's participants draw from it.
    :param preset: "mixed", "small-tick" or "large-tick".
    :param symbols: how many instruments, the busiest first.
    :param duration: market time from 09:30:00 to the end, such as "30m" or "6.5h".
    :param warm_up: market time of it that has passed at the first observation; "0s": the books are empty.
    :param scenario: such as "flash-crash@10:30,halt+20m".
    :param levels: levels of each side of the books in observations, 1 to 10.
    :param cash: cash of the account.
    :param margin: whether it may sell short.
    :param events: kinds of public events in observations: "quote", "trade", "book", "candle", "status", "news".
        Without any the market is several times as fast.
    :param program: the command papertape-sim; PAPERTAPE_SIM or the PATH when absent.
    :param connection: shares a simulator that runs already; the market then does not close it.
    """

    def __init__(
        self,
        seed: int,
        *,
        preset: str = "mixed",
        symbols: int = 1,
        duration: str = "1h",
        warm_up: str = "10s",
        scenario: Optional[str] = None,
        levels: int = 1,
        cash: float = 1_000_000,
        margin: bool = False,
        events: Sequence[str] = (),
        program: Optional[str] = None,
        connection: Optional[Connection] = None,
    ) -> None:
        request = {
            "type": "open",
            "seed": seed,
            "preset": preset,
            "symbols": symbols,
            "duration": duration,
            "warmUp": warm_up,
            "levels": levels,
            "cash": cash,
            "margin": margin,
            "events": list(events),
        }
        if scenario is not None:
            request["scenario"] = scenario
        self._owns_connection = connection is None
        self.connection = Connection.start(program) if connection is None else connection
        try:
            self._begin(self._ask(request))
        except BaseException:
            if self._owns_connection:
                self.connection.close()
            raise

    def _begin(self, opened: Any, pending: Sequence[dict[str, Any]] = (), orders_count: int = 0) -> None:
        if opened["protocol"] != PROTOCOL:
            raise PapertapeError(
                f"papertape-sim speaks version {opened['protocol']} of the protocol and this package {PROTOCOL};"
                " install the package of the same checkout"
            )
        self.episode: int = opened["episode"]
        self.seed: int = opened["seed"]
        self.start_time: float = opened["startTime"]
        self.end_time: float = opened["endTime"]
        self.midnight_time: float = opened["midnightTime"]
        self.instruments: list[dict[str, Any]] = opened["instruments"]
        self.symbols: list[str] = [instrument["symbol"] for instrument in self.instruments]
        self.book_columns: list[str] = opened["bookColumns"]
        self._book_type = book_type(self.book_columns)
        self._by = f'{{"type":"step","episode":{self.episode},"by":'
        self._until = f'{{"type":"step","episode":{self.episode},"until":'
        self._pending = list(pending)
        self._orders_count = orders_count
        self.observation = Observation(opened, self._book_type, self.symbols)
        """The newest observation."""

    def step(self, until: Optional[Time] = None, *, by: Optional[Time] = None) -> Observation:
        """Sends the orders that wait, lets market time pass, and returns what is seen then.

        Orders are applied at the present time, before what the market does at it. ``step(by=0)`` only sends orders.

        :param until: market time in ms since 1970, a time of day "10:15:00", or a duration after the start "45m".
        :param by: in place of `until`: how long, in ms or as text, "1s".
        """
        return self._stepped(self.connection.ask(self._step_request(until, by)))

    def _step_request(self, until: Optional[Time], by: Optional[Time]) -> str:
        if (until is None) == (by is None):
            raise ValueError("step takes either until or by")
        head, time = (self._by, by) if until is None else (self._until, until)
        text = json.dumps(time) if isinstance(time, str) else repr(time if type(time) is int else float(time or 0))
        if not self._pending:
            return f"{head}{text}}}\n"
        orders = _encode(self._pending)
        self._pending = []
        return f'{head}{text},"orders":{orders}}}\n'

    def _stepped(self, answer: Any) -> Observation:
        self.observation = Observation(answer, self._book_type, self.symbols)
        return self.observation

    def buy(self, size: int, price: Optional[float] = None, **fields: Any) -> str:
        """Places a buy order with the next step: a market order, or with a price a limit order.

        :param fields: further fields of `order.place`, by their names on the order channel: symbol (the first when
            absent), timeInForce, postOnly, stopPrice, clientOrderId, ...
        :returns: its clientOrderId.
        """
        return self._place("buy", size, price, fields)

    def sell(self, size: int, price: Optional[float] = None, **fields: Any) -> str:
        """Places a sell order with the next step, as :meth:`buy`."""
        return self._place("sell", size, price, fields)

    def _place(self, side: str, size: int, price: Optional[float], fields: dict[str, Any]) -> str:
        client_order_id = fields.pop("clientOrderId", None) or self._next_order_id()
        order = {
            "type": "order.place",
            "clientOrderId": client_order_id,
            "symbol": self.symbols[0],
            "side": side,
            "orderType": "market" if price is None else "limit",
            "size": size,
        }
        if price is not None:
            order["price"] = price
        self._pending.append({**order, **fields})
        return client_order_id

    def replace(self, client_order_id: str, **changes: Any) -> str:
        """Changes an open order with the next step: size, price, stopPrice.

        :returns: its clientOrderId from then on.
        """
        new_id = changes.pop("clientOrderId", None) or self._next_order_id()
        order = {"type": "order.replace", "clientOrderId": new_id, "origClientOrderId": client_order_id}
        self._pending.append({**order, **changes})
        return new_id

    def cancel(self, client_order_id: str) -> None:
        """Cancels an open order with the next step."""
        self._pending.append({"type": "order.cancel", "origClientOrderId": client_order_id})

    def cancel_all(self, **which: str) -> None:
        """Cancels all open orders with the next step; with symbol or side only those."""
        self._pending.append({"type": "order.cancelAll", **which})

    def send(self, message: dict[str, Any]) -> None:
        """Sends a message of the order channel with the next step, as it is."""
        self._pending.append(message)

    def _next_order_id(self) -> str:
        self._orders_count += 1
        return str(self._orders_count)

    def reset(self, seed: int) -> Observation:
        """Begins the episode anew with another seed, as if the market had been opened with it."""
        self._begin(self._ask({"type": "reset", "episode": self.episode, "seed": seed}))
        return self.observation

    def save(self) -> Checkpoint:
        """Saves the present state; orders that wait are part of it."""
        saved = self._ask({"type": "save", "episode": self.episode})
        return Checkpoint(saved["checkpoint"], saved["time"], tuple(self._pending), self._orders_count)

    def restore(self, checkpoint: Checkpoint, *, seed: Optional[int] = None) -> Observation:
        """Takes this episode back to a checkpoint, of this market or of another one of the same connection.

        :param seed: the participants go on with draws of this seed: the same past, another future.
        """
        request = {"type": "restore", "episode": self.episode, "checkpoint": checkpoint.number}
        self._begin(self._ask(_with_seed(request, seed)), checkpoint.pending, checkpoint.orders_count)
        return self.observation

    def fork(self, checkpoint: Optional[Checkpoint] = None, *, seed: Optional[int] = None) -> Market:
        """Opens another market at a checkpoint, at the present state when absent. It goes on as this one would.

        :param seed: as in :meth:`restore`.
        """
        at = checkpoint or self.save()
        fork = object.__new__(Market)
        fork._owns_connection = False
        fork.connection = self.connection
        opened = self._ask(_with_seed({"type": "fork", "checkpoint": at.number}, seed))
        fork._begin(opened, at.pending, at.orders_count)
        if checkpoint is None:
            self.drop(at)
        return fork

    def drop(self, checkpoint: Checkpoint) -> None:
        """Frees a checkpoint."""
        self._ask({"type": "drop", "checkpoint": checkpoint.number})

    def close(self) -> None:
        """Ends the episode, and the simulator when it was started for this market: forks end with it."""
        if self._owns_connection:
            self.connection.close()
        elif not self.connection.closed:
            self._ask({"type": "close", "episode": self.episode})

    def _ask(self, request: dict[str, Any]) -> Any:
        return self.connection.ask(json.dumps(request) + "\n")

    def __enter__(self) -> Market:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def step_all(markets: Sequence[Market], until: Optional[Time] = None, *, by: Optional[Time] = None) -> list[Observation]:
    """Steps several markets of one connection, such as forks, with one write and one read for all.

    Their own orders go with them, as in :meth:`Market.step`.

    :raises LockstepError: the first refusal; the markets whose steps were accepted have done them.
    """
    if not markets:
        return []
    connection = markets[0].connection
    if any(market.connection is not connection for market in markets):
        raise ValueError("step_all takes markets of one connection: forks, or Market(connection=...)")
    answers = connection.ask_all([market._step_request(until, by) for market in markets])
    for market, answer in zip(markets, answers):
        if answer["type"] != "error":
            market._stepped(answer)
    for answer in answers:
        checked(answer)
    return [market.observation for market in markets]


def _with_seed(request: dict[str, Any], seed: Optional[int]) -> dict[str, Any]:
    return request if seed is None else {**request, "seed": seed}
