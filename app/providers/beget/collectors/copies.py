"""Copies of servers: snapshots, which have a daily price of their own, and backups, which have none in the API."""

from collections.abc import Iterator
from decimal import Decimal

from app.core.domain.resources import UNKNOWN_COST, Resource
from app.providers.answers import read
from app.providers.beget.collectors.servers import TYPE as SERVER
from app.providers.beget.fields import Count, Id, Lenient, Moment, Price, compact
from app.providers.beget.pricing import listed
from app.providers.beget.reader import Reader

_GONE = "DELETED"


class _Copy(Lenient):
    """A copy; the API does not say what `size` is counted in."""

    id: Id
    size: Count = 0
    region: str = ""
    vps_id: str = ""
    vps_name: str = ""

    @property
    def config(self) -> dict[str, object]:
        """What both kinds tell."""
        return compact(size=self.size, parent={"type": SERVER, "id": self.vps_id} if self.vps_id else None)


class _Snapshot(_Copy):
    description: str = ""
    date_create: Moment = None
    status: str = ""
    price_day: Price = Decimal(0)


class _Backup(_Copy):
    date: Moment = None


def snapshots(reader: Reader) -> Iterator[Resource]:
    """Yield the snapshots, those of removed servers too."""
    [items] = reader.client.whole("/v1/vps/snapshot", "snapshot")
    for item in items:
        snapshot = read(_Snapshot, item, "a snapshot")
        if snapshot.status != _GONE:
            yield Resource(
                external_id=snapshot.id,
                name=snapshot.description or snapshot.vps_name,
                region=snapshot.region,
                status=snapshot.status,
                created_at=snapshot.date_create,
                config=snapshot.config,
                cost=listed(snapshot.price_day),
            )


def backups(reader: Reader) -> Iterator[Resource]:
    """Yield the backups that Beget makes of servers."""
    [items] = reader.client.whole("/v1/vps/backup", "copy")
    for item in items:
        backup = read(_Backup, item, "a backup")
        yield Resource(
            external_id=backup.id,
            name=backup.vps_name,
            region=backup.region,
            created_at=backup.date,
            config=backup.config,
            cost=UNKNOWN_COST,
        )
