"""Exchange rates for the demo, in the form that the Bank of Russia publishes them."""

from datetime import date

_VALUES = {"USD": "80,5000", "EUR": "92,2500"}


def bank_of_russia(day: date) -> bytes:
    """Return the XML of a day. The figures are made up."""
    rates = "".join(
        f"<Valute><CharCode>{code}</CharCode><Nominal>1</Nominal><Value>{value}</Value></Valute>"
        for code, value in _VALUES.items()
    )
    header = '<?xml version="1.0" encoding="windows-1251"?>'
    return f'{header}<ValCurs Date="{day:%d.%m.%Y}" name="Demo">{rates}</ValCurs>'.encode("cp1251")
