"""AWS on this machine: moto, a third-party emulator that speaks AWS's own protocol, with accounts to look at."""
