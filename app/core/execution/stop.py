"""The wish to end a run early."""

import threading


class Stop:
    """Asked once, a run starts nothing new and lets what is in flight finish; asked again, it waits for nothing."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._urgent = threading.Event()

    def ask(self) -> None:
        """Ask once more. Safe to call from a signal handler."""
        (self._urgent if self._asked.is_set() else self._asked).set()

    def ask_once(self) -> None:
        """Ask unless it is asked already: for code, which unlike a person does not mean to hurry anyone."""
        self._asked.set()

    @property
    def asked(self) -> bool:
        """True when nothing new may start."""
        return self._asked.is_set()

    @property
    def urgent(self) -> bool:
        """True when what is in flight is not waited for."""
        return self._urgent.is_set()
