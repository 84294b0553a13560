"""Exchange rates: importing them, looking at them, and converting with them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from app.core.domain.exchange import Conversion, Rate, RateTable, convert, needs_rates
from app.core.domain.rate_checks import RateFileError
from app.core.domain.rate_files import RateFormat, parse
from app.core.persistence import bundled_rates, exchange_rates
from app.core.persistence.engine import in_transaction
from app.core.persistence.exchange_rates import ImportCounts
from app.core.services.runtime import Runtime


class RateService:
    """Each method is one unit of work; safe to use from several threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def import_files(
        self, files: Iterable[tuple[str, bytes]], *, file_format: RateFormat | None = None, source: str | None = None
    ) -> ImportCounts:
        """Import files, given as (name, content), one after the other: all of them or, if one is wrong, none.

        Format and source are seen from the content unless given. Raises RateFileError that names the file and line.
        """
        now = self._runtime.clock()
        parsed = []
        for name, content in files:
            try:
                parsed.append(parse(content, today=now.date(), file_format=file_format, source=source))
            except RateFileError as error:
                raise RateFileError(f"{name}: {error}") from error
        return in_transaction(
            self._runtime.sessions,
            lambda session: sum((exchange_rates.save(session, rates, now) for rates in parsed), ImportCounts()),
        )

    def valid_on(self, day: date, currency: str | None = None) -> list[Rate]:
        """Return the rates that conversions of a day can use, by source and pair; those of one currency if given."""
        with self._runtime.sessions() as session:
            imported = exchange_rates.valid_on(session, day, currency)
        bundled = bundled_rates.new_enough_for(day)
        return list(RateTable([*imported, *(r for r in bundled if currency in (None, r.base, r.quote))], day))

    def convert(self, amounts: Mapping[str, Decimal], currency: str, day: date) -> Conversion:
        """Add up amounts (currency -> amount) in one currency, with the rates of a day.

        Imported rates come first; the bundled ones are read only where those have no answer.
        """
        if not needs_rates(amounts, currency):
            return convert(amounts, currency)
        with self._runtime.sessions() as session:
            imported = RateTable(exchange_rates.needed(session, [*amounts, currency], day), day)
        conversion = convert(amounts, currency, imported)
        if conversion.unconverted:
            conversion = convert(amounts, currency, imported, RateTable(bundled_rates.new_enough_for(day), day))
        return conversion
