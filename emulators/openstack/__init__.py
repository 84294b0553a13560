"""An emulated OpenStack cloud."""
