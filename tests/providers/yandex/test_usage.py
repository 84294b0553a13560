"""The call to the usage API: its address, its token, its limits and what its failures mean."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.core.domain.errors import (
    DeadlineExceeded,
    PermissionDenied,
    ProviderUnavailable,
    ResponseInvalid,
    SyncError,
)
from app.providers.base import Deadline
from app.providers.yandex import usage
from app.providers.yandex.account import YandexAccount
from emulators.kit.faults import Fault, Kind
from emulators.yandex.accounts import key_of
from emulators.yandex.usage import METHOD, NAME, SERVICE
from tests.providers.yandex.cloud import Cloud

FIRST, LAST = date(2026, 11, 20), date(2026, 11, 23)


def ask(cloud: Cloud, account: YandexAccount | None = None, payer: str | None = None) -> Any:
    account = account or cloud.open()
    api = usage.UsageApi(account._api, account._billing._session)
    return api.resources(payer or cloud.payer, FIRST, LAST, usage.Filters())


def calls(cloud: Cloud) -> int:
    return cloud.paths().count(METHOD)


@contextlib.contextmanager
def raw_server(answer: Any, tls: Any = None) -> Iterator[str]:
    """Serve the method with bytes that a test makes."""
    pool = ThreadPoolExecutor(1)
    server = grpc.server(pool)
    handler = grpc.unary_unary_rpc_method_handler(answer)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {NAME: handler}),))
    port = server.add_secure_port("localhost:0", tls) if tls else server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
        pool.shutdown()


def test_the_directory_tells_where_the_service_answers(cloud: Cloud) -> None:
    assert ask(cloud).currency == 1
    assert "/endpoints" in cloud.paths()
    (call,) = [request for request in cloud.emulator.requests if request.method == "GRPC"]
    assert call.headers["authorization"].startswith("Bearer t1.")
    assert call.headers["user-agent"].startswith("infrazen/")


def test_without_a_directory_it_is_the_endpoint_itself(cloud: Cloud) -> None:
    cloud.emulator.has_directory = False
    account = cloud.open()
    api = usage.UsageApi(account._api, account._billing._session)
    assert "{}:{}".format(*api._address()) == cloud.emulator.url.removeprefix("http://")


@pytest.mark.parametrize("address", ["", "nowhere", "host:port", ":443", "host:0", "host:99999"])
def test_a_directory_that_names_no_usable_address_is_refused(cloud: Cloud, address: str) -> None:
    cloud.emulator.usage_address = address
    with pytest.raises(ResponseInvalid, match="no usable address"):
        ask(cloud)


def test_a_host_that_is_not_trusted_is_judged_before_it_is_dialled(cloud: Cloud) -> None:
    account = cloud.open(endpoint_trusted=False)
    api = usage.UsageApi(account._api, account._billing._session)
    with pytest.raises(PermissionDenied, match="private network"), api._channel("127.0.0.1", 443):
        pass


def test_a_name_that_does_not_resolve_is_a_passing_failure(cloud: Cloud) -> None:
    account = cloud.open()
    api = usage.UsageApi(account._api, account._billing._session)
    with pytest.raises(ProviderUnavailable, match="cannot be resolved"), api._channel("no.such.invalid", 443):
        pass


def test_a_certificate_that_cannot_be_verified_ends_the_call(cloud: Cloud) -> None:
    """An endpoint with https is called with TLS; the emulator has none."""
    account = cloud.open()
    account._api.endpoints.base = cloud.emulator.url.replace("http://", "https://")
    account._api.ask_openly = lambda _: None  # type: ignore[method-assign]
    with pytest.raises(ProviderUnavailable, match="the usage API failed"):
        ask(cloud, account)


def test_a_token_that_ended_is_renewed_once(cloud: Cloud) -> None:
    account = cloud.open()
    account.identify()
    cloud.emulator.expire_tokens()
    assert ask(cloud, account).currency == 1
    assert calls(cloud) == 2


def test_a_billing_account_that_is_not_known_is_named(cloud: Cloud) -> None:
    with pytest.raises(
        PermissionDenied, match=r"does not know the billing account dn2wrong .*check billing_account_id"
    ):
        ask(cloud, payer="dn2wrong")
    assert calls(cloud) == 2


@pytest.mark.parametrize(
    ("status", "kind", "words", "tries"),
    [
        (403, PermissionDenied, r'grant the account the role "billing.accounts.viewer"', 1),
        (404, PermissionDenied, "may not be read", 1),
        (400, ResponseInvalid, "INVALID_ARGUMENT: because", 1),
        (500, ProviderUnavailable, "INTERNAL: because", 3),
        (503, ProviderUnavailable, "UNAVAILABLE: because", 3),
        (504, ProviderUnavailable, "did not answer in time", 3),
    ],
)
def test_each_status_means_one_of_our_errors(
    cloud: Cloud, status: int, kind: type[SyncError], words: str, tries: int
) -> None:
    cloud.emulator.faults.add(Fault(Kind.STATUS, METHOD, status=status, words="because"))
    with pytest.raises(kind, match=words):
        ask(cloud)
    assert calls(cloud) == tries


def test_a_failure_that_passes_is_survived(cloud: Cloud) -> None:
    cloud.emulator.faults.add(Fault(Kind.STATUS, METHOD, status=503, times=1))
    assert ask(cloud).currency == 1


def test_a_service_that_says_nothing_ends_at_the_calls_limit(cloud: Cloud) -> None:
    cloud.emulator.faults.add(Fault(Kind.HANG, METHOD))
    with pytest.raises(ProviderUnavailable, match="did not answer in time"):
        ask(cloud, cloud.open(call_timeout_s=0.1))


def test_a_service_that_says_nothing_ends_at_the_deadline(cloud: Cloud) -> None:
    cloud.emulator.faults.add(Fault(Kind.HANG, METHOD))
    account = cloud.open(deadline=Deadline.after(0.5))
    with pytest.raises(DeadlineExceeded):
        ask(cloud, account)


def test_an_answer_that_is_none_is_refused(cloud: Cloud) -> None:
    with raw_server(lambda request, context: b"\xff\xff\xff") as address:
        cloud.emulator.usage_address = address
        with pytest.raises(ResponseInvalid, match="cannot be used"):
            ask(cloud)


def test_an_answer_that_is_too_large_is_refused(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "MAX_REPORT_BYTES", 1000)
    with raw_server(lambda request, context: b"x" * 2000) as address:
        cloud.emulator.usage_address = address
        with pytest.raises(ResponseInvalid, match="larger than max"):
            ask(cloud)


def certificate(name: str) -> tuple[bytes, bytes]:
    """Return a key and a certificate that it has signed itself, for a host's name."""
    key = key_of(1)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, made.public_bytes(Encoding.PEM)


@pytest.mark.parametrize(("name", "is_good"), [("localhost", True), ("elsewhere.example", False)])
def test_the_certificate_must_be_of_the_name_that_was_asked_for(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, name: str, is_good: bool
) -> None:
    """An address is dialled, but it is the name that the certificate has to be of."""
    private, public = certificate(name)
    trusting = grpc.ssl_channel_credentials(root_certificates=public)
    monkeypatch.setattr(usage.grpc, "ssl_channel_credentials", lambda: trusting)
    tls = grpc.ssl_server_credentials([(private, public)])
    with raw_server(lambda request, context: b"", tls) as address:
        account = cloud.open()
        account._api.endpoints.base = f"https://{address.replace('127.0.0.1', 'localhost')}"
        account._api.ask_openly = lambda _: None  # type: ignore[method-assign]
        if is_good:
            assert ask(cloud, account).currency == 0
        else:
            with pytest.raises(ProviderUnavailable, match="the usage API failed"):
                ask(cloud, account)
