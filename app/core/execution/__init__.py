"""How items of a run are carried out: claims, leases, stopping."""
