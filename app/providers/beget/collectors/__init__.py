"""One file per family of resources; each function yields those of one type. The list stands in `catalog.py`."""
