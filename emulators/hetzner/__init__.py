"""An emulated Hetzner Cloud: projects behind API tokens, and its storage boxes, on one address."""
