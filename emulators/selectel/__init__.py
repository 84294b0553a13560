"""An emulated Selectel."""
