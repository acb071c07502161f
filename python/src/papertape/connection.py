"""The connection to papertape-sim: a process of its own over pipes, or a socket. One answer a request, in order."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import socket
import subprocess
from typing import IO, Any, Callable, Optional, Sequence

from .errors import LockstepError, PapertapeError

PROGRAM_VARIABLE = "PAPERTAPE_SIM"
PROGRAM = "papertape-sim"

_BATCH_BYTES = 32_768
"""Less than a pipe holds: a client that writes more before it reads could wait for a server that waits for it."""
_CLOSE_SECONDS = 5
_decode = json.JSONDecoder().decode


def find_program(program: Optional[str] = None) -> Sequence[str]:
    """Returns the command of papertape-sim: the argument, else PAPERTAPE_SIM, else what is on the PATH.

    Argument and variable are a path, or a command with arguments such as ``node simulators/src/cli/main.ts``.
    """
    named = program or os.environ.get(PROGRAM_VARIABLE)
    if named:
        return [named] if os.path.exists(named) else shlex.split(named)
    found = shutil.which(PROGRAM)
    if found is None:
        raise PapertapeError(
            f"there is no {PROGRAM} on the PATH; set {PROGRAM_VARIABLE} to it, or give Market(program=...):"
            " in a checkout it is simulators/bin/papertape-sim.mjs"
        )
    return [found]


class Connection:
    """A lockstep session. Use :meth:`start` or :meth:`connect`; several markets may share one, in one thread."""

    def __init__(self, reader: IO[bytes], write: Callable[[bytes], object], close: Callable[[], None]) -> None:
        self._readline = reader.readline
        self._write = write
        self._close: Optional[Callable[[], None]] = close

    @classmethod
    def start(cls, program: Optional[str] = None) -> Connection:
        """Starts papertape-sim as a process of its own, which ends with the connection."""
        command = [*find_program(program), "serve"]
        try:
            # In a session of its own, so that Ctrl-C interrupts the program and leaves it the simulator.
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            raise PapertapeError(f"cannot start {command[0]}: {error.strerror}") from error
        assert process.stdin is not None and process.stdout is not None
        stdin, stdout = process.stdin, process.stdout
        descriptor = stdin.fileno()

        def write(data: bytes) -> None:
            while data:
                data = data[os.write(descriptor, data) :]

        def close() -> None:
            stdin.close()
            try:
                process.wait(_CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            stdout.close()

        return cls(stdout, write, close)

    @classmethod
    def connect(cls, address: str) -> Connection:
        """Connects to ``papertape-sim serve --port`` (``127.0.0.1:PORT``) or ``--socket`` (a path)."""
        host, _, port = address.rpartition(":")
        try:
            if port.isdigit() and host:
                channel = socket.create_connection((host, int(port)))
                channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            else:
                channel = socket.socket(socket.AF_UNIX)
                channel.connect(address)
        except OSError as error:
            raise PapertapeError(
                f"nothing listens at {address} ({error.strerror}); start papertape-sim serve --port PORT"
            ) from error
        reader = channel.makefile("rb")

        def close() -> None:
            reader.close()
            channel.close()

        return cls(reader, channel.sendall, close)

    def ask(self, request: str) -> Any:
        """Sends one request and returns its answer.

        :param request: JSON in one line, with its line end.
        :raises LockstepError: when the simulator refuses it.
        """
        return checked(self.ask_all([request])[0])

    def ask_all(self, requests: Sequence[str]) -> list[Any]:
        """Sends several requests in one write and returns their answers, refusals among them."""
        if self._close is None:
            raise PapertapeError("the connection is closed; open another market")
        answers = []
        try:
            for batch in _batches(requests):
                self._write(batch[0].encode() if len(batch) == 1 else "".join(batch).encode())
                for _ in batch:
                    line = self._readline()
                    if not line:
                        raise PapertapeError("papertape-sim has ended; what it wrote to standard error says why")
                    answers.append(_decode(line.decode()))
        except OSError as error:
            self.close()
            raise PapertapeError(f"the connection to papertape-sim is lost: {error.strerror}") from error
        except BaseException:
            # What is interrupted between a request and its answer would read the wrong answers from then on.
            self.close()
            raise
        return answers

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._close is None

    def close(self) -> None:
        """Ends the session and with it its episodes; a process that was started for it ends, too."""
        close, self._close = self._close, None
        if close is not None:
            close()


def checked(answer: Any) -> Any:
    """Returns the answer, unless it is a refusal."""
    if answer["type"] == "error":
        raise LockstepError(answer["code"], answer["text"])
    return answer


def _batches(requests: Sequence[str]) -> Sequence[Sequence[str]]:
    if len(requests) == 1:
        return (requests,)
    batches: list[list[str]] = []
    size = _BATCH_BYTES
    for request in requests:
        size += len(request)
        if size > _BATCH_BYTES:
            batches.append([])
            size = len(request)
        batches[-1].append(request)
    return batches
