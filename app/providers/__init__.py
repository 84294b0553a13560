"""Clouds: one package each behind the protocol of `base`, found through `registry`."""
