"""The errors of the package."""

from __future__ import annotations


class PapertapeError(Exception):
    """The simulator cannot be started or reached, or the connection to it has ended."""


class LockstepError(PapertapeError):
    """The simulator refused a request; the session goes on, and nothing of the request was done."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        """The code, for programs: docs/lockstep.md lists them."""
        self.text = text
        """What was wrong and what to do, for people."""
