"""ISO 4217: which three-letter codes are currencies.

The codes of ISO 4217 list one (current) as of 2026, without funds, metals and test codes, in which nobody sends a
bill. Compared with published copies of the list, not with the maintenance agency's own (SIX): BGN and ANG, which some
of the copies still have, gave way to EUR (2026) and XCG (2025). The withdrawn codes are those that old rates of the
European Central Bank (all that its history since 1999 has) or of the Bank of Russia (not verified) can name. RUR is
left out on purpose: a file that says RUR for today's rouble is wrong.
"""

CURRENT = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
    UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG
    """.split()
)
"""Codes that a user's totals can be told in."""

WITHDRAWN = frozenset(
    """
    ANG ATS AZM BEF BGL BGN BYB BYR CSD CUC CYP DEM EEK ESP FIM FRF GHC GRD HRK IEP ITL LTL LUF LVL MRO MTL MZM NLG
    PTE ROL SDD SIT SKK SLL SRG STD TMM TRL VEB VEF XEU YUM ZMK ZWD ZWL
    """.split()
)
"""Codes of the past, which files of old rates name."""


def is_current(code: str) -> bool:
    """Tell whether the code is a currency of today; upper and lower case differ."""
    return code in CURRENT


def is_known(code: str) -> bool:
    """Tell whether the code is a currency of today or of the past."""
    return code in CURRENT or code in WITHDRAWN
