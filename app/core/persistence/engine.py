"""Engines and sessions, with what each database needs to behave the same."""

from collections.abc import Callable
from decimal import Decimal
from sqlite3 import Connection as SQLiteConnection
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Delete, Engine, Update, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random

from app.core.models.types import Money

Result = TypeVar("Result")

SQLITE_BUSY_TIMEOUT_S = 30
_TRIES, _MAX_PAUSE_S = 10, 0.05
_DEADLOCK_SQLSTATES = ("40001", "40P01")
_DEADLOCK_ERRNOS = (1205, 1213)
_POOL_RECYCLE_S = 1800


def engine_options(url: str, *, pool_size: int) -> dict[str, Any]:
    """Return the arguments of `create_engine` besides the URL; `pool_size` is the number of threads that write."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "pool_size": pool_size + 2,
            "max_overflow": 2,
            "hide_parameters": True,
            "connect_args": {"timeout": SQLITE_BUSY_TIMEOUT_S},
        }
    return {
        "hide_parameters": True,
        "pool_size": pool_size + 2,
        "max_overflow": 4,
        "pool_pre_ping": True,
        "pool_recycle": _POOL_RECYCLE_S,
        "isolation_level": "READ COMMITTED",
        "connect_args": {"connect_timeout": 5},
    }


def make_sessions(url: str, *, pool_size: int) -> sessionmaker[Session]:
    """Return a factory of sessions on a new engine; nothing connects yet."""
    return sessionmaker(create_engine(url, **engine_options(url, pool_size=pool_size)), expire_on_commit=False)


def in_transaction(sessions: sessionmaker[Session], work: Callable[[Session], Result]) -> Result:
    """Run `work` in a transaction of its own and return what it returns.

    It is run again when the transaction lost a deadlock, which with many threads is nobody's fault and on MariaDB no
    rarity: `work` must not mind being run twice.
    """

    def attempt() -> Result:
        with sessions.begin() as session:
            return work(session)

    return Retrying(
        retry=retry_if_exception(_is_deadlock),
        stop=stop_after_attempt(_TRIES),
        wait=wait_random(0, _MAX_PAUSE_S),
        reraise=True,
    )(attempt)


def _is_deadlock(error: BaseException) -> bool:
    if not isinstance(error, OperationalError):
        return False
    errno = next(iter(getattr(error.orig, "args", ())), None)
    return getattr(error.orig, "sqlstate", None) in _DEADLOCK_SQLSTATES or errno in _DEADLOCK_ERRNOS


def count_changed(session: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE; return how many rows its condition fitted."""
    statement = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


class money_sum(GenericFunction[Decimal]):  # noqa: N801 - it is named like the SQL function it makes
    """SUM over a money column, exact on every database."""

    type = Money()
    inherit_cache = True


@compiles(money_sum)
def _native_sum(element: money_sum, compiler: SQLCompiler, **kw: Any) -> str:
    return f"sum({compiler.process(element.clauses, **kw)})"


@compiles(money_sum, "sqlite")
def _sqlite_sum(element: money_sum, compiler: SQLCompiler, **kw: Any) -> str:
    return f"money_sum({compiler.process(element.clauses, **kw)})"


class _MoneySum:
    """SQLite aggregate: its own SUM would turn the text of a Money column into floats."""

    def __init__(self) -> None:
        self.total: Decimal | None = None

    def step(self, amount: str | None) -> None:
        if amount is not None:
            self.total = (self.total or Decimal(0)) + Decimal(amount)

    def finalize(self) -> str | None:
        return None if self.total is None else str(self.total)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, SQLiteConnection):
        return
    connection.create_aggregate("money_sum", 1, _MoneySum)  # type: ignore[arg-type]  # typeshed wants int results
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
