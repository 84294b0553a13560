"""The contract that every provider keeps, ours or a third party's, as a pytest class to inherit from.

    class TestAcme(ProviderContract):
        provider = AcmeProvider()

        @pytest.fixture
        def subject(self) -> Iterator[Subject]:
            with AcmeEmulator() as cloud:
                yield Subject(cloud, credentials={...}, wrong_credentials={...}, expected={...})

The account behind the emulator should have more items of at least one type than fit on a page. A clean listing finds
exactly what is expected; under every fault a scope either comes back whole, each resource as on a good day (costs
apart, which may stay unsaid), or raises one of the errors of `app.core.domain.errors`.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.core.domain.errors import AuthenticationFailed, SyncError, TransientError
from app.core.domain.resources import Resource, canonical_json
from app.core.domain.scopes import Scope
from app.providers.base import Account, Deadline, Provider, Session
from app.providers.retrying import forget_pauses
from emulators.kit.faults import CONTENT, PAGED, Fault, Kind
from emulators.kit.server import Emulator

_PATIENCE_S, _SHORT_S = 20.0, 1.0
_NETWORK = (Kind.HANG, Kind.HANG_IN_BODY, Kind.DRIP, Kind.RESET, Kind.TRUNCATED)
_FORM = (
    Kind.MALFORMED,
    Kind.HTML,
    Kind.BYTE_ORDER_MARK,
    Kind.NOT_A_NUMBER,
    Kind.DEEP,
    Kind.DUPLICATE_KEYS,
    Kind.REDIRECT,
)
_BUSY = {"retry-after": "0"}
_LASTING = [
    *(Fault(kind) for kind in (*_NETWORK, *_FORM, *sorted(CONTENT), *sorted(PAGED))),
    *(Fault(Kind.STATUS, status=status) for status in (400, 401, 403, 404, 429, 500, 502, 503, 504)),
    Fault(Kind.STATUS, status=429, headers={"retry-after": "31536000"}),
]
_DOWN = [Fault(kind) for kind in (*_NETWORK, Kind.MALFORMED, Kind.HTML)]
# These strike in the middle of a listing: what was read until then must not be taken for the whole.
_LATE = [
    Fault(kind, after=after)
    for kind in (Kind.NO_LIST, Kind.MISSING_FIELDS, Kind.MALFORMED, Kind.HTML)
    for after in (1, 2, 3)
]
_LATE += [Fault(Kind.STATUS, after=after, status=status) for status in (403, 404, 500) for after in (1, 2)]
# One refusal among good answers: what a second call adds to a resource must not be left out in silence.
_LATE += [Fault(Kind.STATUS, times=1, after=after, status=403) for after in range(5)]
_PASSING = [
    *(Fault(kind, times=1) for kind in (*_NETWORK, Kind.ITEM_ON_TWO_PAGES, Kind.ITEMS_MOVE, Kind.TOKEN_EXPIRES)),
    *(Fault(Kind.STATUS, times=1, status=status) for status in (500, 502, 503, 504)),
    Fault(Kind.STATUS, times=1, status=429, headers=_BUSY),
]


@dataclass(slots=True)
class Subject:
    """An emulated account to hold a provider to.

    expected  resource type -> the external ids that a whole listing finds, over all scopes
    endpoint  the `api_endpoint` to call, by default the emulator's address
    listing_path  part of the path of every call that lists resources, "" for all calls: where faults strike
    """

    emulator: Emulator
    credentials: Mapping[str, Any]
    wrong_credentials: Mapping[str, Any]
    expected: Mapping[str, set[str]]
    endpoint: str | None = None
    listing_path: str = ""
    by_scope: dict[Scope, dict[str, str]] = field(default_factory=dict, init=False)


def _named(fault: Fault) -> str:
    status = f"-{fault.status}" if fault.kind is Kind.STATUS else ""
    absurd = "-absurd" if len(fault.headers.get("retry-after", "")) > 3 else ""
    late = f"-after-{fault.after}" if fault.after else ""
    return f"{fault.kind}{status}{absurd}{late}{'-once' if fault.times == 1 else ''}"


@dataclass(frozen=True, slots=True)
class _Hourglass(Deadline):
    """A deadline that is far until it is turned: what comes before a fault may take its time."""

    def turn(self) -> None:
        object.__setattr__(self, "at", time.monotonic() + _SHORT_S)


class ProviderContract:
    """Inherit, set `provider`, and define the fixture `subject`."""

    provider: Provider
    _time: _Hourglass

    @pytest.fixture
    def subject(self) -> Iterator[Subject]:
        """Yield the account to test with."""
        raise NotImplementedError("define the fixture `subject`")

    @pytest.fixture(autouse=True)
    def _new_cloud(self) -> Iterator[None]:
        """A pause that one test's cloud asked for binds no other test."""
        yield
        forget_pauses()

    def test_the_credentials_are_described_and_hidden(self, subject: Subject) -> None:
        """The schema names every field, refuses unknown ones, and no repr shows a secret."""
        schema = self.provider.credentials
        credentials = schema.model_validate(subject.credentials)
        assert schema.model_json_schema()["properties"]
        with pytest.raises(ValidationError):
            schema.model_validate({**subject.credentials, "no_such_field": "x"})
        for value in vars(credentials).values():
            if isinstance(value, SecretStr) and value.get_secret_value():
                assert value.get_secret_value() not in repr(credentials)

    def test_a_clean_listing_finds_everything_once(self, subject: Subject) -> None:
        """Every expected resource is listed, in scopes that are the same each time."""
        with closing(self._open(subject)) as account:
            assert account.identify()
            scopes = list(account.scopes())
            assert scopes == list(account.scopes())
            assert len(scopes) == len(set(scopes))
            found = [(scope, resource) for scope in scopes for resource in account.collect(scope)]
        keys = [(scope.resource_type, resource.external_id) for scope, resource in found]
        assert sorted(keys) == sorted((type_, id_) for type_, ids in subject.expected.items() for id_ in ids)
        for _, resource in found:
            _check_form(resource)

    def test_two_readings_of_the_same_account_are_equal(self, subject: Subject) -> None:
        """What has not changed has the same fingerprint."""
        first, second = (
            {(scope, r.external_id): r.fingerprint() for scope, found in self._read(subject) for r in found}
            for _ in range(2)
        )
        assert first == second

    def test_a_wrong_credential_is_refused_and_not_repeated(self, subject: Subject) -> None:
        """Repeated attempts would lock the account."""
        subject.emulator.requests.clear()
        account = self._open(subject, credentials=subject.wrong_credentials)
        with closing(account), pytest.raises(AuthenticationFailed) as caught:
            account.identify()
        assert caught.value.message
        assert len(subject.emulator.requests) <= 3

    @pytest.mark.parametrize("fault", [*_LASTING, *_LATE], ids=_named)
    def test_under_a_lasting_fault_a_scope_is_whole_or_failed(self, subject: Subject, fault: Fault) -> None:
        """Nothing is missed, nothing counted twice, and no other error escapes."""
        with closing(self._open(subject, impatient=True)) as account:
            scopes = _begin(account)
            subject.emulator.faults.add(_at(fault, subject))
            self._time.turn()
            for scope in scopes:
                self._check_whole_or_failed(account, scope, subject)

    @pytest.mark.parametrize("fault", _DOWN, ids=_named)
    def test_when_nothing_works_the_account_says_so(self, subject: Subject, fault: Fault) -> None:
        """A cloud that is down from the first call on raises one of our errors."""
        subject.emulator.faults.add(Fault(fault.kind))
        account = self._open(subject, impatient=True)
        self._time.turn()
        with closing(account), pytest.raises(SyncError):
            _begin(account)

    @pytest.mark.parametrize("fault", _PASSING, ids=_named)
    def test_a_fault_that_passes_is_survived(self, subject: Subject, fault: Fault) -> None:
        """One bad answer costs a retry, no scope."""
        with closing(self._open(subject)) as account:
            scopes = _begin(account)
            subject.emulator.faults.add(_at(fault, subject))
            found = {(scope.resource_type, r.external_id) for scope in scopes for r in account.collect(scope)}
        assert found == {(type_, id_) for type_, ids in subject.expected.items() for id_ in ids}

    def test_the_clouds_own_rate_limit_is_a_passing_error(self, subject: Subject) -> None:
        """When no more calls are answered, a scope fails in a way that is tried again later."""
        with closing(self._open(subject, impatient=True)) as account:
            scopes = _begin(account)
            subject.emulator.limit = 0
            self._time.turn()
            for scope in scopes:
                try:
                    found = _states(account.collect(scope))
                except SyncError as error:
                    assert isinstance(error, TransientError), error  # noqa: PT017 - either outcome is right
                else:
                    subject.emulator.limit = None
                    assert found == self._on_a_good_day(subject)[scope]
                    subject.emulator.limit = 0

    def test_the_same_account_is_read_twice_at_once(self, subject: Subject) -> None:
        """Accounts that are open in several threads do not disturb one another."""
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(lambda _: _by_scope(self._read(subject)), range(2))
        assert first == second == self._on_a_good_day(subject)

    @pytest.mark.parametrize(
        "fault", [*_DOWN, *map(Fault, sorted(CONTENT)), Fault(Kind.STATUS, status=403)], ids=_named
    )
    def test_under_a_fault_the_bill_is_as_on_a_good_day_or_failed(self, subject: Subject, fault: Fault) -> None:
        """A bill that cannot be read whole charges nobody anything."""
        with closing(self._open(subject)) as account:
            _read_all(account)
            good = account.bill()
        with closing(self._open(subject)) as account:
            _read_all(account)
            subject.emulator.faults.add(Fault(fault.kind, status=fault.status))
            self._time.turn()
            with suppress(SyncError):
                assert account.bill() == good

    def test_a_refused_call_costs_only_its_own_scopes(self, subject: Subject) -> None:
        """Whatever path is forbidden, the other scopes come back whole."""
        for path in self._paths(subject):
            subject.emulator.faults.clear()
            subject.emulator.faults.add(Fault(Kind.STATUS, path=path, status=403, words="forbidden"))
            with closing(self._open(subject)) as account:
                try:
                    scopes = _begin(account)
                except SyncError as error:
                    assert not isinstance(error, TransientError)  # noqa: PT017 - either outcome is right
                    continue
                whole = [self._check_whole_or_failed(account, scope, subject) for scope in scopes]
                # With a single scope there are no others.
                assert any(whole) or len(scopes) == 1

    def _open(
        self, subject: Subject, *, credentials: Mapping[str, Any] | None = None, impatient: bool = False
    ) -> Account:
        """Open the account; an impatient one gives up soon after `self._time.turn()`."""
        self._time = _Hourglass(time.monotonic() + _PATIENCE_S)
        given = self.provider.credentials.model_validate(credentials or subject.credentials)
        session = Session(
            self._time,
            api_endpoint=subject.endpoint or subject.emulator.url,
            connect_timeout_s=1,
            read_timeout_s=0.3 if impatient else 1,
            call_timeout_s=0.6 if impatient else 1.5,
        )
        return self.provider.open(given, session)

    def _read(self, subject: Subject) -> list[tuple[Scope, list[Resource]]]:
        with closing(self._open(subject)) as account:
            account.identify()
            return [(scope, list(account.collect(scope))) for scope in account.scopes()]

    def _paths(self, subject: Subject) -> list[str]:
        subject.emulator.requests.clear()
        self._read(subject)
        return sorted({request.path for request in subject.emulator.requests})

    def _check_whole_or_failed(self, account: Account, scope: Scope, subject: Subject) -> bool:
        try:
            found = _states(account.collect(scope))
        except SyncError as error:
            assert error.message  # noqa: PT017 - either outcome is right
            return False
        # The other scopes of the type hold the rest; what is here must be here as on a good day.
        assert found == self._on_a_good_day(subject)[scope]
        return True

    def _on_a_good_day(self, subject: Subject) -> Mapping[Scope, Mapping[str, str]]:
        if subject.by_scope:
            return subject.by_scope
        faults, requests = subject.emulator.faults, subject.emulator.requests
        subject.emulator.faults, subject.emulator.requests = type(faults)(), []
        try:
            subject.by_scope = _by_scope(self._read(subject))
            return subject.by_scope
        finally:
            subject.emulator.faults, subject.emulator.requests = faults, requests


def _read_all(account: Account) -> None:
    for scope in _begin(account):
        deque(account.collect(scope), maxlen=0)


def _begin(account: Account) -> list[Scope]:
    account.identify()
    return list(account.scopes())


def _by_scope(listed: Iterable[tuple[Scope, list[Resource]]]) -> dict[Scope, dict[str, str]]:
    return {scope: _states(found) for scope, found in listed}


def _states(resources: Iterable[Resource]) -> dict[str, str]:
    """Return external id -> fingerprint; the cost may be unsaid when only the prices could not be read."""
    return {resource.external_id: replace(resource, cost=None).fingerprint() for resource in resources}


def _at(fault: Fault, subject: Subject) -> Fault:
    return Fault(
        fault.kind, subject.listing_path, fault.times, fault.after, fault.status, dict(fault.headers), fault.words
    )


def _check_form(resource: Resource) -> None:
    canonical_json(resource.config)
    assert all(isinstance(value, str) for value in resource.tags.values())
    if resource.cost is not None and resource.cost.currency is not None:
        assert len(resource.cost.currency) == 3
        assert resource.cost.currency.isupper()
