"""The cost of a day from Hetzner's price list: net prices, since VAT depends on who pays.

Facts: docs.hetzner.cloud, GET /pricing. There is no API for bills or usage. What has an hourly price costs it for
every hour begun, also when powered off, until the month's price is reached; what has only a monthly price costs
its part of the calendar month. Prices are today's; the day's cost is stored with the price of the day it was read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.core.domain.errors import ResponseInvalid
from app.core.domain.prices import per_day_of_hours, per_day_of_month
from app.core.domain.resources import UNKNOWN_COST, Cost, CostBasis
from app.providers.answers import Record

_Amount = Annotated[Decimal, Field(ge=0, lt=10**7, allow_inf_nan=False)]
_ONE = Decimal(1)


class Price(Record):
    """An amount without VAT."""

    net: _Amount


class MonthlyPrice(Record):
    """A price in one location."""

    location: str
    price_monthly: Price


class HourlyPrice(MonthlyPrice):
    """A price in one location; the monthly price is the most that a month costs."""

    price_hourly: Price


class _PerGb(Record):
    price_per_gb_month: Price


class _Backup(Record):
    percentage: _Amount


class _HourlyPrices(Record):
    type: str
    prices: tuple[HourlyPrice, ...]


class _MonthlyPrices(Record):
    type: str
    prices: tuple[MonthlyPrice, ...]


class _Flat(Record):
    price_monthly: Price


class PriceList(Record):
    """The answer to /pricing, as far as resources do not carry their own prices."""

    currency: str = Field(pattern="^[A-Z]{3}$")
    volume: _PerGb
    image: _PerGb
    server_backup: _Backup
    primary_ips: tuple[_HourlyPrices, ...] = ()
    floating_ips: tuple[_MonthlyPrices, ...] = ()
    floating_ip: _Flat | None = None


@dataclass(frozen=True, slots=True)
class Tariff:
    """What things cost on one UTC day. Without a price list nothing is said about costs: the methods return None."""

    day: date
    prices: PriceList | None

    def hourly(
        self, prices: Iterable[HourlyPrice], location: str, created_at: datetime, *, with_backups: bool = False
    ) -> Cost | None:
        """Return the cost of something with a price per hour, unknown when its location has none."""
        if self.prices is None:
            return None
        price = next((price for price in prices if price.location == location), None)
        if price is None:
            return UNKNOWN_COST
        hourly, cap = price.price_hourly.net, price.price_monthly.net
        amount = per_day_of_hours(hourly, self.day, created_at=created_at, monthly_cap=cap)
        if with_backups:
            amount += amount * self.prices.server_backup.percentage / 100
        return self._cost(amount)

    def primary_ip(self, type_: str, location: str, created_at: datetime) -> Cost | None:
        """Return the cost of a primary IP, whether it is in use or not."""
        kinds = self.prices.primary_ips if self.prices else ()
        return self.hourly((p for kind in kinds if kind.type == type_ for p in kind.prices), location, created_at)

    def floating_ip(self, type_: str, location: str) -> Cost | None:
        """Return the cost of a floating IP; old price lists have one price for all."""
        if self.prices is None:
            return None
        kinds = [kind for kind in self.prices.floating_ips if kind.type == type_]
        price = next((p.price_monthly for kind in kinds for p in kind.prices if p.location == location), None)
        if price is None and not self.prices.floating_ips and self.prices.floating_ip:
            price = self.prices.floating_ip.price_monthly
        return UNKNOWN_COST if price is None else self._monthly(price)

    def volume(self, size_gb: Decimal) -> Cost | None:
        """Return the cost of a volume."""
        return self._monthly(self.prices.volume.price_per_gb_month, size_gb) if self.prices else None

    def snapshot(self, size_gb: Decimal | None) -> Cost | None:
        """Return the cost of a snapshot, unknown until the cloud tells its size."""
        if self.prices is None:
            return None
        return UNKNOWN_COST if size_gb is None else self._monthly(self.prices.image.price_per_gb_month, size_gb)

    def free(self) -> Cost | None:
        """Return the cost of what Hetzner gives without charge."""
        return self._cost(Decimal(0))

    def included(self) -> Cost | None:
        """Return the cost of what is paid with the resource it belongs to."""
        return self._cost(Decimal(0), CostBasis.INCLUDED_IN_PARENT)

    def _monthly(self, price: Price, quantity: Decimal = _ONE) -> Cost | None:
        return self._cost(quantity * per_day_of_month(price.net, self.day))

    def _cost(self, amount: Decimal, basis: CostBasis = CostBasis.PRICE_LIST) -> Cost | None:
        if self.prices is None:
            return None
        try:
            return Cost(basis, amount, self.prices.currency)
        except ValueError as error:
            raise ResponseInvalid(f"a size and a price make no cost: {error}") from error
