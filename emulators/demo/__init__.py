"""A platform on this machine: users that show every case, on emulated clouds that change a little between runs."""
