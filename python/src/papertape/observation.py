"""What an agent sees of a market after a step."""

from __future__ import annotations

import re
from collections import namedtuple
from typing import Any, NamedTuple, Optional, Sequence, TypedDict


class OpenOrder(NamedTuple):
    """An own order that is open."""

    client_order_id: str
    symbol: str
    side: str
    price: Optional[float]
    """None: a market order that waits."""
    leaves_size: int
    ahead_size: Optional[int]
    """Size ahead of it at its price; None: it does not rest in the book."""


class _Seen(TypedDict):
    time: float
    done: bool
    books: list[list[Any]]
    account: list[float]
    orders: list[list[Any]]
    executions: list[dict[str, Any]]
    rejects: list[dict[str, Any]]


class Answer(_Seen, total=False):
    """What of an answer of the simulator is an observation, with the protocol's names."""

    events: list[dict[str, Any]]


def book_type(columns: Sequence[str]) -> Any:
    """The named tuple of a row of `books`, with Python's spelling of the columns: bid_size for bidSize."""
    return namedtuple("Book", [re.sub("[A-Z]", lambda match: "_" + match[0].lower(), name) for name in columns])


class Observation:
    """An answer of the simulator. Prices and cash are in currency, sizes in shares, times in ms since 1970.

    Attributes are read from the answer when they are asked for, so that a step costs only what is used.
    """

    __slots__ = ("answer", "_book_type", "_symbols")

    def __init__(self, answer: Answer, book_type: Any, symbols: Sequence[str]) -> None:
        self.answer = answer
        """The answer as it came, docs/lockstep.md: lists and dicts with the protocol's names."""
        self._book_type = book_type
        self._symbols = symbols

    @property
    def time(self) -> float:
        """Market time, milliseconds since 1970, microseconds as a fraction."""
        return self.answer["time"]

    @property
    def done(self) -> bool:
        """Whether the episode has reached its end."""
        return self.answer["done"]

    @property
    def books(self) -> list[list[Any]]:
        """A row of numbers for each symbol, in the order of `Market.symbols`; `Market.book_columns` names them."""
        return self.answer["books"]

    @property
    def book(self) -> Any:
        """The first symbol's row as a named tuple: bid, bid_size, ask, ask_size, ..., last, position."""
        return self._book_type._make(self.answer["books"][0])

    def book_of(self, symbol: str) -> Any:
        """The same of another symbol."""
        return self._book_type._make(self.answer["books"][self._symbols.index(symbol)])

    @property
    def mid(self) -> Optional[float]:
        """Half way between the first symbol's best prices; None while a side is empty."""
        bid, _, ask = self.answer["books"][0][:3]
        return None if bid is None or ask is None else (bid + ask) / 2

    @property
    def position(self) -> int:
        """Own position in the first symbol; negative: sold short."""
        position: int = self.answer["books"][0][-1]
        return position

    @property
    def cash(self) -> float:
        """Cash of the account."""
        return self.answer["account"][0]

    @property
    def buying_power(self) -> float:
        """What it may still spend besides its open orders."""
        return self.answer["account"][1]

    @property
    def equity(self) -> float:
        """Cash, and positions at the last trade."""
        return self.answer["account"][2]

    @property
    def open_orders(self) -> list[OpenOrder]:
        """Own open orders, newest first."""
        return [OpenOrder._make(row) for row in self.answer["orders"]]

    @property
    def executions(self) -> list[dict[str, Any]]:
        """What happened to own orders since the last observation: executions as on the order channel, oldest first."""
        return self.answer["executions"]

    @property
    def rejects(self) -> list[dict[str, Any]]:
        """Replaces and cancels of this step that were refused: `order` (their index), `code`, `text`."""
        return self.answer["rejects"]

    @property
    def events(self) -> list[dict[str, Any]]:
        """Public events since the last observation, of the kinds that the market was opened with."""
        return self.answer.get("events", [])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Observation) and self.answer == other.answer

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Observation({self.answer!r})"
