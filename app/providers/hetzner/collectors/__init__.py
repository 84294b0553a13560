"""One file per family of resources: the record that is read, and the pure function that normalises it."""
