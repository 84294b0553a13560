"""The contract suite lets a good provider pass and catches bad ones, each by the test that is there for it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from pydantic import Field, SecretStr

from app.core.domain.errors import SyncError
from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.providers.answers import Record, read
from app.providers.base import Credentials, Session
from app.providers.http import HttpClient
from app.providers.pagination import Page, listed, walk
from emulators.kit.contract import ProviderContract, Subject
from emulators.kit.faults import Fault, Kind
from emulators.kit.pages import Item, Listing, Query, Slice, number
from emulators.kit.server import Emulator, Reply, Request

_KEY = "the-key-of-the-toy-box"
_IDS = [f"toy {letter}/ä" for letter in "abcdefg"]


class _Pages:
    def place(self, query: Query, items: list[Item]) -> tuple[int, int]:
        return number(query, "offset", 0, 1000), 3

    def surroundings(self, page: Slice, query: Query) -> Item:
        return {"total": page.total, "next": None if page.is_last else page.start + page.size}


class _ToyBox(Emulator):
    def __init__(self) -> None:
        super().__init__()
        self.routes = [("GET", "/toys", self._toys), ("GET", "/colours", self._colours)]

    def authenticate(self, request: Request) -> Reply | None:
        return None if request.headers.get("x-key") == _KEY else self.refusal(401, "who are you?")

    def _toys(self, request: Request) -> Reply:
        return Reply(Listing("toys", [{"id": id_, "colour": "red"} for id_ in _IDS], _Pages()))

    def _colours(self, request: Request) -> Reply:
        return Reply({"colours": [{"name": "red"}]})


class _Key(Credentials):
    key: SecretStr = Field(description="The key.")


class _Toy(Record):
    id: str
    colour: str


class _Place(Record):
    next: int | None
    total: int


class _Account:
    """Keeps the contract. The bad ones below override a part of it."""

    tries_to_sign_in = 1

    def __init__(self, credentials: _Key, session: Session) -> None:
        key = credentials.key.get_secret_value()
        endpoint = session.api_endpoint or ""
        self.client = HttpClient(session, endpoint, principal=f"toys {key}", headers={"x-key": key})

    def identify(self) -> str:
        for left in reversed(range(self.tries_to_sign_in)):
            try:
                self.client.get("/colours")
            except SyncError:
                if not left:
                    raise
        return "toys"

    def scopes(self) -> Sequence[Scope]:
        return [Scope("toy:toy"), Scope("toy:colour")]

    def collect(self, scope: Scope) -> Iterator[Resource]:
        if scope.resource_type == "toy:colour":
            yield from (Resource(c["name"]) for c in listed(self.client.get("/colours"), "colours") if self.fits(c))
        else:
            yield from (self.resource(toy) for toy in self.toys())

    def fits(self, colour: Any) -> bool:
        return bool(read(_Colour, colour, "a colour"))

    def toys(self) -> Iterator[Any]:
        return walk(self.page, key=lambda toy: toy.id, first=0)

    def page(self, offset: int) -> Page[Any]:
        body = self.client.get("/toys", {"offset": offset})
        place = read(_Place, body, "a page")
        return Page([read(_Toy, toy, "a toy") for toy in listed(body, "toys")], place.next, place.total)

    def resource(self, toy: Any) -> Resource:
        return Resource(toy.id, config={"colour": toy.colour})

    def bill(self) -> None:
        return None

    def close(self) -> None:
        self.client.close()


class _Colour(Record):
    name: str


class _EndsEarly(_Account):
    def toys(self) -> Iterator[Any]:
        with suppress(SyncError):
            yield from super().toys()


class _TrustsPages(_Account):
    def toys(self) -> Iterator[Any]:
        offset: int | None = 0
        while offset is not None:
            page = self.page(offset)
            yield from page.items
            offset = page.next


class _ForgetsColours(_Account):
    def resource(self, toy: Any) -> Resource:
        try:
            self.client.get("/colours")
        except SyncError:
            return Resource(toy.id)
        return super().resource(toy)


class _Stumbles(_Account):
    def page(self, offset: int) -> Page[Any]:
        body = self.client.get("/toys", {"offset": offset})
        return Page([_Toy(id=toy["id"], colour=toy["colour"]) for toy in body["toys"]], body["next"], body["total"])


class _Insists(_Account):
    tries_to_sign_in = 5


class _Moody(_Account):
    moods: ClassVar[list[int]] = []

    def resource(self, toy: Any) -> Resource:
        self.moods.append(1)
        return Resource(toy.id, config={"mood": len(self.moods)})


class _Provider:
    name: ClassVar[str] = "toys"
    title: ClassVar[str] = "Toys"
    credentials: ClassVar[type[Credentials]] = _Key

    def __init__(self, account: type[_Account] = _Account) -> None:
        self._account = account

    def open(self, credentials: Any, session: Session) -> _Account:
        return self._account(credentials, session)


@pytest.fixture
def subject() -> Iterator[Subject]:
    with _ToyBox() as cloud:
        expected = {"toy:toy": set(_IDS), "toy:colour": {"red"}}
        yield Subject(cloud, {"key": _KEY}, {"key": "wrong"}, expected)


def _hold(account: type[_Account], test: str, subject: Subject, *fault: Fault) -> None:
    contract = ProviderContract()
    contract.provider = _Provider(account)
    getattr(contract, test)(subject, *fault)


_WHOLE = "test_under_a_lasting_fault_a_scope_is_whole_or_failed"


@pytest.mark.parametrize(
    ("bad", "test", "fault"),
    [
        pytest.param(_EndsEarly, _WHOLE, [Fault(Kind.STATUS, after=1, status=403)], id="a listing that ends early"),
        pytest.param(_EndsEarly, _WHOLE, [Fault(Kind.NO_LIST, after=2)], id="a page without its list"),
        pytest.param(_TrustsPages, _WHOLE, [Fault(Kind.ITEMS_MOVE)], id="pages that shift"),
        pytest.param(
            _ForgetsColours, _WHOLE, [Fault(Kind.STATUS, times=1, after=1, status=403)], id="half of a resource"
        ),
        pytest.param(_Stumbles, _WHOLE, [Fault(Kind.MISSING_FIELDS)], id="an error of another kind"),
        pytest.param(_Insists, "test_a_wrong_credential_is_refused_and_not_repeated", [], id="a wrong key, repeated"),
        pytest.param(_Moody, "test_two_readings_of_the_same_account_are_equal", [], id="a state that changes itself"),
        pytest.param(_Moody, "test_the_same_account_is_read_twice_at_once", [], id="a state that threads share"),
    ],
)
def test_a_bad_provider_is_caught_where_a_good_one_passes(
    subject: Subject, bad: type[_Account], test: str, fault: list[Fault]
) -> None:
    _hold(_Account, test, subject, *fault)
    subject.emulator.faults.clear()
    subject.by_scope.clear()
    with pytest.raises((AssertionError, LookupError)):
        _hold(bad, test, subject, *fault)


def test_a_good_provider_keeps_the_rest_of_the_contract(subject: Subject) -> None:
    for test in (
        "test_the_credentials_are_described_and_hidden",
        "test_a_clean_listing_finds_everything_once",
        "test_a_refused_call_costs_only_its_own_scopes",
    ):
        _hold(_Account, test, subject)


@pytest.mark.parametrize("kind", [Kind.ITEM_ON_TWO_PAGES, Kind.ITEMS_MOVE, Kind.RESET])
def test_a_good_provider_survives_what_passes(subject: Subject, kind: Kind) -> None:
    _hold(_Account, "test_a_fault_that_passes_is_survived", subject, Fault(kind, times=1))
