"""Files of exchange rates as the two banks publish them. Shapes are theirs, figures made up."""

from decimal import Decimal

CBR_DAILY = """<?xml version="1.0" encoding="windows-1251"?>
<ValCurs Date="04.04.2025" name="Foreign Currency Market">
<Valute ID="R01060"><NumCode>051</NumCode><CharCode>AMD</CharCode><Nominal>100</Nominal><Name>Армянских драмов</Name>\
<Value>21,5637</Value><VunitRate>0,215637</VunitRate></Valute>
<Valute ID="R01235"><NumCode>840</NumCode><CharCode>USD</CharCode><Nominal>1</Nominal><Name>Доллар США</Name>\
<Value>84,2776</Value><VunitRate>84,2776</VunitRate></Valute>
<Valute ID="R01150"><NumCode>704</NumCode><CharCode>VND</CharCode><Nominal>10000</Nominal><Name>Донгов</Name>\
<Value>34,6789</Value></Valute>
</ValCurs>""".encode("windows-1251")

CBR_DYNAMIC = b"""<?xml version="1.0" encoding="windows-1251"?>
<ValCurs ID="R01235" DateRange1="02.03.2025" DateRange2="05.03.2025" name="Foreign Currency Market Dynamic">
  <Record Date="04.03.2025" Id="R01235"><Nominal>1</Nominal><Value>89,4303</Value></Record>
  <Record Date="05.03.2025" Id="R01235"><Nominal>1</Nominal><Value>89,3409</Value>\
<VunitRate>89,3409</VunitRate></Record>
</ValCurs>"""

ECB_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
\t<Cube>
\t\t<Cube time='2025-04-04'>
\t\t\t<Cube currency='USD' rate='1.1057'/>
\t\t\t<Cube currency='JPY' rate='161.05'/>
\t\t</Cube>
\t\t<Cube time='2025-04-03'><Cube currency='USD' rate='1.1097'/></Cube>
\t</Cube>
</gesmes:Envelope>"""

ECB_CSV = b"""Date,USD,JPY,LTL,RUB,
2025-04-04,1.1057,161.05,N/A,N/A,
2014-12-31,1.2141,145.23,3.4528,72.337,
"""

ECB_ONE_DAY = b"Date, USD, JPY, \n4 April 2025, 1.1057, 161.05, \n"

OWN = b"""date,base,quote,rate
2025-04-04,USD,KZT,501.25
2025-04-04,EUR,USD,1.1
"""


def cbr_daily(day: str, rates: dict[str, str]) -> bytes:
    """Return an answer of XML_daily.asp for a day such as `24.11.2026`; currency -> roubles per unit."""
    entries = "".join(
        f"<Valute ID='R0'><CharCode>{code}</CharCode><Nominal>10</Nominal>"
        f"<Value>{format(Decimal(value) * 10, 'f').replace('.', ',')}</Value></Valute>"
        for code, value in rates.items()
    )
    return f"<?xml version='1.0' encoding='windows-1251'?><ValCurs Date='{day}'>{entries}</ValCurs>".encode("cp1251")


def ecb_daily(day: str, rates: dict[str, str]) -> bytes:
    """Return eurofxref-daily.xml of a day such as `2026-11-24`; currency -> units per euro."""
    cubes = "".join(f"<Cube currency='{code}' rate='{value}'/>" for code, value in rates.items())
    return f"<Envelope><Cube><Cube time='{day}'>{cubes}</Cube></Cube></Envelope>".encode()
