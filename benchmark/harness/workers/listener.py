"""What a worker tells, heard by a thread: who watches over the worker never waits for a message that is half told."""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from benchmark.harness.workers.messages import Message


class Lost(NamedTuple):
    """The worker cannot tell anything any more.

    Attributes
    ----------
    why
        What happened to the connection.
    """

    why: str


class Listener:
    """Reads a connection to its end, and then closes it.

    Parameters
    ----------
    connection
        The connection to a worker.
    """

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection
        self._heard: SimpleQueue[Message | Lost] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def has_heard(self) -> bool:
        """Whether something was told that nobody has asked for yet."""
        return not self._heard.empty()

    def next(self, timeout_s: float) -> Message | Lost | None:
        """What was told next; None if nothing comes within `timeout_s` seconds."""
        try:
            return self._heard.get(timeout=timeout_s)
        except Empty:
            return None

    def _listen(self) -> None:
        with self._connection:
            try:
                while True:
                    self._heard.put(self._connection.recv())
            except (EOFError, OSError):
                self._heard.put(Lost("it closed the files of its process"))
            except Exception as error:  # bytes that are no message lead to anything
                self._heard.put(Lost(f"it wrote into files that are not its own ({type(error).__name__})"))
