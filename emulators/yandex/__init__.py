"""Yandex Cloud on loopback: the REST API over HTTP, and the usage API over gRPC."""
