"""What the small clouds on loopback share: a server, pages, and faults to switch on. Also for plugins of others."""
