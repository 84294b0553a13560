"""What the product does: domain, tables, queries, execution and services."""
