"""One file per service family; each yields resources from a reader. Which are read stands in `catalog.py`."""
