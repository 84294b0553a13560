"""A small DigitalOcean on loopback: API v2 with its pages, errors, rate limits and billing insights."""
