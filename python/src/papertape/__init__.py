"""Steps Papertape's simulated markets in lockstep, with the standard library alone.

    from papertape import Market

    with Market(seed=7) as market:
        market.buy(100)
        observation = market.step(by="1s")
        print(observation.book, observation.position, observation.equity)

The Gymnasium environment is in :mod:`papertape.environment`, which needs the package gymnasium.
"""

from .connection import Connection
from .errors import LockstepError, PapertapeError
from .market import Checkpoint, Market, step_all
from .observation import Observation, OpenOrder

__all__ = [
    "Checkpoint",
    "Connection",
    "LockstepError",
    "Market",
    "Observation",
    "OpenOrder",
    "PapertapeError",
    "step_all",
]
