"""Readers of a project that no call is made for, to normalise with."""

from keystoneauth1.identity import v3

from app.core.domain.resources import Cost
from app.providers.base import Deadline, Session
from app.providers.keystone.access import Door
from app.providers.keystone.reader import Reader

PROJECT = "0f" * 16


def a_reader(*, cost: Cost | None = None, with_metadata: bool = True) -> Reader:
    door = Door(Session(Deadline.after(5)), "nobody")
    access = door.enter(v3.Password("http://127.0.0.1:1/v3", username="u", password="p", user_domain_name="d"))
    return Reader(access, PROJECT, "ru-3", cost=cost, with_metadata=with_metadata)
