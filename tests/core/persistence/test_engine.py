import threading

import pytest
from sqlalchemy import Engine, event, func, literal, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.core.models import User
from app.core.persistence.engine import in_transaction
from app.core.services.runtime import Runtime
from tests.support.databases import sqlite_only
from tests.support.factories import add_user

WAIT_S = 30


def rename(session: Session, user: int, currency: str) -> None:
    session.execute(update(User).where(User.id == user).values(currency=currency))


@pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)
def test_a_transaction_that_lost_a_deadlock_is_run_again(runtime: Runtime) -> None:
    first, second = add_user(runtime), add_user(runtime)
    both_hold_one, tries = threading.Barrier(2, timeout=WAIT_S), []

    def write(mine: int, other: int, currency: str) -> None:
        held = threading.Event()

        def work(session: Session) -> None:
            tries.append(currency)
            rename(session, mine, currency)
            if not held.is_set():
                held.set()
                both_hold_one.wait()
            rename(session, other, currency)

        in_transaction(runtime.sessions, work)

    threads = [
        threading.Thread(target=write, args=(first, second, "AAA")),
        threading.Thread(target=write, args=(second, first, "BBB")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert len(tries) == 3
    with runtime.sessions() as session:
        assert set(session.scalars(select(User.currency))) == {tries[-1]}


def test_other_errors_are_not_tried_again_and_nothing_of_it_stays(runtime: Runtime) -> None:
    user, tries = add_user(runtime), []

    def work(session: Session) -> None:
        tries.append(1)
        rename(session, user, "EUR")
        session.add(User(email=session.get_one(User, user).email))
        session.flush()

    with pytest.raises(IntegrityError):
        in_transaction(runtime.sessions, work)
    assert tries == [1]
    with runtime.sessions() as session:
        assert session.get_one(User, user).currency == "USD"


@sqlite_only
def test_a_deadlock_that_does_not_end_is_raised(runtime: Runtime) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        raise OperationalError("UPDATE", {}, Exception(1213, "Deadlock found"))

    with pytest.raises(OperationalError):
        in_transaction(runtime.sessions, work)
    assert len(tries) == 10


def test_errors_show_no_parameters(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(Exception, match="hide_parameters") as caught:
        connection.execute(select(func.no_such_function(literal("s3cret"))))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)
def test_servers_read_what_is_committed(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.get_isolation_level() == "READ COMMITTED"


def test_connections_for_every_writer_can_be_had_at_once(runtime: Runtime, engine: Engine) -> None:
    made = []
    event.listen(engine, "connect", lambda *_: made.append(1))
    connections = [engine.connect() for _ in range(runtime.settings.sync_concurrency + 2)]
    for connection in connections:
        connection.close()
    assert len(made) == len(connections)
