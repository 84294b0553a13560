"""The provider against the emulated cloud: the contract of all providers, then what is Oblako's own."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from app.core.domain.costs import DayCharges
from app.core.domain.errors import AuthenticationFailed, SyncError
from app.core.domain.resources import Cost, CostBasis, Resource
from app.core.domain.scopes import Scope
from app.providers.base import Deadline, Session
from emulators.kit.contract import ProviderContract, Subject
from emulators.kit.faults import Fault, Kind

from infrazen_oblako import OblakoProvider
from infrazen_oblako.emulator import KEY, OblakoEmulator, fill
from infrazen_oblako.provider import OblakoAccount

TODAY = date(2030, 6, 15)


@pytest.fixture
def cloud() -> Iterator[OblakoEmulator]:
    with OblakoEmulator() as emulator:
        fill(emulator, TODAY)
        yield emulator


class TestContract(ProviderContract):
    provider = OblakoProvider()

    @pytest.fixture
    def subject(self, cloud: OblakoEmulator) -> Subject:
        return Subject(
            cloud,
            credentials=KEY,
            wrong_credentials=KEY | {"key_secret": "wrong"},
            expected={
                "compute:server": {"srv-1", "srv-2", "srv-3"},
                "storage:disk": {"dsk-1", "dsk-2", "dsk-3"},
            },
        )


@pytest.fixture
def account(cloud: OblakoEmulator) -> Iterator[OblakoAccount]:
    provider = OblakoProvider()
    session = Session(Deadline.after(1), api_endpoint=cloud.url, at=datetime(2030, 6, 15, 3, tzinfo=UTC))
    with closing(provider.open(provider.credentials.model_validate(KEY), session)) as opened:
        yield opened


def listed(account: OblakoAccount, resource_type: str) -> dict[str, Resource]:
    return {resource.external_id: resource for resource in account.collect(Scope(resource_type))}


def test_a_server_has_its_size_labels_and_price(account: OblakoAccount) -> None:
    server = listed(account, "compute:server")["srv-1"]
    assert (server.name, server.region, server.status) == ("web-1", "north-1", "running")
    assert server.tags == {"env": "production", "team": "shop"}
    assert server.config == {
        "type": "s2",
        "vcpus": 2,
        "memory_mib": 4096,
        "image": "debian-13",
        "private_ips": ["10.0.0.1"],
        "public_ips": ["192.0.2.1"],
    }
    # 24 hours at 0.025; the cap of 16.80 is reached on the 28th day.
    assert server.cost == Cost(CostBasis.PRICE_LIST, Decimal("0.6"), "EUR")


def test_a_disk_belongs_to_its_server_and_costs_a_part_of_the_month(account: OblakoAccount) -> None:
    disks = listed(account, "storage:disk")
    assert disks["dsk-1"].config == {
        "type": "ssd",
        "size_gb": 45,
        "parent": {"type": "compute:server", "id": "srv-1"},
    }
    assert disks["dsk-1"].cost == Cost(CostBasis.PRICE_LIST, Decimal("4.50") / 30, "EUR")
    assert "parent" not in disks["dsk-3"].config


def test_the_bill_is_yesterdays_per_resource(account: OblakoAccount) -> None:
    bill = account.bill()
    assert bill is not None
    assert (bill.charged_on, bill.currency, bill.total) == (date(2030, 6, 14), "EUR", Decimal("2.65"))
    assert bill.by_resource == {
        "srv-1": Decimal("0.60"),
        "srv-2": Decimal("0.60"),
        "dsk-1": Decimal("0.15"),
        "dsk-2": Decimal("0.15"),
        "dsk-3": Decimal("0.15"),
    }
    assert [charge.service for charge in bill.charges if charge.service not in bill.itemised] == ["support"]


def test_an_earlier_day_is_read_again_as_the_cloud_corrects_it(account: OblakoAccount) -> None:
    def compute(day: DayCharges) -> Decimal:
        return sum((charge.amount for charge in day.charges if charge.service == "compute"), Decimal(0))

    bills = [account.bill(), account.bill()]
    seen = [(day.charged_on, compute(day)) for bill in bills if bill for day in bill.earlier]
    assert seen == [(date(2030, 6, 13), Decimal("1.20")), (date(2030, 6, 13), Decimal("1.00"))]


def test_a_project_without_a_complete_day_has_no_bill(account: OblakoAccount, cloud: OblakoEmulator) -> None:
    cloud.books.days.clear()
    cloud.books.corrections.clear()
    assert account.bill() is None


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.MALFORMED, Kind.MISSING_FIELDS, Kind.WRONG_TYPES, Kind.NO_LIST])
def test_a_bill_that_cannot_be_read_is_an_error_not_an_empty_bill(
    account: OblakoAccount, cloud: OblakoEmulator, kind: Kind
) -> None:
    cloud.faults.add(Fault(kind, path="/billing"))
    with pytest.raises(SyncError):
        account.bill()


@pytest.mark.parametrize("kind", [Kind.MALFORMED, Kind.HTML])
def test_a_token_that_cannot_be_read_is_an_error(account: OblakoAccount, cloud: OblakoEmulator, kind: Kind) -> None:
    cloud.faults.add(Fault(kind, path="/v1/tokens"))
    with pytest.raises(SyncError):
        account.identify()


def test_a_key_that_was_deleted_in_the_middle_is_said(account: OblakoAccount, cloud: OblakoEmulator) -> None:
    account.identify()
    cloud.expire_tokens()
    cloud.faults.add(Fault(Kind.STATUS, path="/v1/tokens", status=401, words="the key is unknown"))
    with pytest.raises(AuthenticationFailed, match="the key is unknown"):
        list(account.collect(Scope("compute:server")))
