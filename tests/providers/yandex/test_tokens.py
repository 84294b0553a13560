"""IAM tokens: how they are asked for, kept, renewed and refused."""

import json
from datetime import UTC, datetime

import jwt
import pytest

from app.core.domain.errors import AuthenticationFailed, PermissionDenied, ResponseInvalid
from app.core.domain.scopes import Scope
from app.providers.yandex.tokens import signed
from emulators.kit.faults import Fault, Kind
from emulators.yandex import seed
from emulators.yandex.emulator import YandexEmulator
from tests.providers.yandex.cloud import Cloud

TOKENS = "/iam/v1/tokens"


def test_the_jwt_is_what_the_cloud_asks_for(cloud: Cloud) -> None:
    key = cloud.open()._api.tokens._credentials.service_account_key
    assert key is not None
    text = signed(key, int(datetime.now(UTC).timestamp()))
    assert jwt.get_unverified_header(text) == {"typ": "JWT", "alg": "PS256", "kid": cloud.account.key_id}
    claims = jwt.decode(text, options={"verify_signature": False})
    assert claims["iss"] == cloud.account.service_account_id
    assert claims["aud"] == "https://iam.api.cloud.yandex.net/iam/v1/tokens"
    assert claims["exp"] - claims["iat"] <= 3600


def test_one_token_serves_many_calls(cloud: Cloud) -> None:
    account = cloud.open()
    account.identify()
    for scope in account.scopes():
        list(account.collect(scope))
    assert cloud.paths().count(TOKENS) == 1


def test_a_token_close_to_its_end_is_renewed_before_the_call(cloud: Cloud) -> None:
    cloud.emulator.tokens.life_s = 299
    account = cloud.open()
    account.identify()
    account.identify()
    assert cloud.paths() == [TOKENS, "/resource-manager/v1/clouds"] * 2


def test_a_token_that_ended_early_is_renewed_once(cloud: Cloud) -> None:
    account = cloud.open()
    account.identify()
    cloud.emulator.expire_tokens()
    account.identify()
    assert cloud.paths()[2:] == ["/resource-manager/v1/clouds", TOKENS, "/resource-manager/v1/clouds"]


def test_a_second_401_is_a_wrong_credential(cloud: Cloud) -> None:
    cloud.emulator.faults.add(Fault(Kind.STATUS, "/clouds", status=401, words="Token is invalid"))
    with pytest.raises(AuthenticationFailed, match="Token is invalid"):
        cloud.open().identify()
    assert cloud.paths().count(TOKENS) == 2


def test_a_key_that_is_not_known_is_named_and_not_tried_again(cloud: Cloud) -> None:
    account = cloud.open()
    cloud.emulator.accounts.clear()
    with pytest.raises(AuthenticationFailed, match=f"the key {cloud.account.key_id} of the service account"):
        account.identify()
    assert cloud.paths() == [TOKENS]


def test_a_key_of_another_account_is_refused(cloud: Cloud) -> None:
    other = seed.open_account(cloud.emulator).credentials()["service_account_key"]
    key = cloud.credentials["service_account_key"] | {"private_key": other["private_key"]}
    with pytest.raises(AuthenticationFailed, match="JWT is not accepted"):
        cloud.open(service_account_key=key).identify()


def test_a_malformed_proof_is_a_wrong_credential(cloud: Cloud) -> None:
    cloud.emulator.faults.add(Fault(Kind.STATUS, TOKENS, status=400, words="JWT is malformed"))
    with pytest.raises(AuthenticationFailed, match="JWT is malformed"):
        cloud.open().identify()
    assert cloud.paths() == [TOKENS]


def test_a_wrong_oauth_token_is_refused_without_being_shown(cloud: Cloud) -> None:
    with pytest.raises(AuthenticationFailed, match="did not accept the OAuth token") as caught:
        cloud.open(without_key=True, oauth_token="y0_planted").identify()
    assert "y0_planted" not in caught.value.message


def test_an_iam_token_that_ended_says_what_to_do(cloud: Cloud) -> None:
    with pytest.raises(AuthenticationFailed, match="lasts 12 hours at most"):
        cloud.open(without_key=True, iam_token="t1.over").identify()
    assert cloud.paths() == ["/resource-manager/v1/clouds"]


def test_a_passing_failure_of_the_token_service_is_tried_again(cloud: Cloud) -> None:
    cloud.emulator.faults.add(Fault(Kind.STATUS, TOKENS, times=1, status=503))
    assert cloud.open().identify()


def test_other_failures_of_the_token_service_are_no_wrong_credential(cloud: Cloud) -> None:
    cloud.emulator.faults.add(Fault(Kind.STATUS, TOKENS, status=403))
    with pytest.raises(PermissionDenied):
        cloud.open().identify()
    cloud.emulator.faults.clear()
    cloud.emulator.faults.add(Fault(Kind.HTML, TOKENS))
    with pytest.raises(ResponseInvalid):
        cloud.open().identify()


def test_only_the_jwt_goes_to_the_token_service(cloud: Cloud) -> None:
    cloud.open().identify()
    (request,) = [request for request in cloud.emulator.requests if request.path == TOKENS]
    assert list(json.loads(request.body)) == ["jwt"]
    assert "authorization" not in request.headers


def test_accounts_of_one_cloud_side_by_side_keep_to_themselves() -> None:
    with YandexEmulator() as emulator:
        ours, theirs = Cloud(emulator), Cloud(emulator)
        for cloud in (ours, theirs):
            cloud.account.folders[0]["id"] = "b1gsame"
        ours.put("/compute/v1/disks", {"id": "fhm1", "name": "ours"})
        theirs.put("/compute/v1/disks", {"id": "fhm1", "name": "theirs"})
        scope = Scope("compute:disk", "b1gsame")
        first, second = ours.open(), theirs.open()
        pages = zip(first.collect(scope), second.collect(scope), strict=True)
        assert [(a.name, b.name) for a, b in pages] == [("ours", "theirs")]
        first.close(), second.close()
