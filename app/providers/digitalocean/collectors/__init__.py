"""One module per family of resources: the records as the API describes them, and what they become."""
