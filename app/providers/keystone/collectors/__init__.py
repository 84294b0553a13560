"""One collector per family of resources: each yields the resources of one project in one region."""
