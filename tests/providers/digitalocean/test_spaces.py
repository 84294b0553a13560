import pytest

from app.core.domain.errors import PermissionDenied, ResponseInvalid
from app.core.domain.resources import UNKNOWN_COST
from app.core.domain.scopes import Scope
from emulators.digitalocean.seed import fill
from emulators.kit.server import Reply
from tests.providers.digitalocean.cloud import TODAY, cloud, opened, team_of

FRANKFURT, NEW_YORK = Scope("spaces:bucket", "fra1"), Scope("spaces:bucket", "nyc3")


def test_buckets_are_listed_region_by_region():
    with cloud() as (emulator, credentials), opened(emulator, credentials) as account:
        found = list(account.collect(FRANKFURT))
        assert not list(account.collect(NEW_YORK))
    assert [(r.external_id, r.name, r.region, r.cost) for r in found] == [
        ("assets", "assets", "fra1", UNKNOWN_COST),
        ("backups", "backups", "fra1", UNKNOWN_COST),
    ]
    assert f"{found[0].created_at}" == "2026-01-10 08:00:00+00:00"


def test_without_a_key_of_spaces_no_bucket_is_looked_for():
    with cloud() as (emulator, credentials), opened(emulator, {"token": credentials["token"]}) as account:
        assert all(scope.resource_type != "spaces:bucket" for scope in account.scopes())


def test_without_regions_every_region_is_read():
    with cloud() as (emulator, credentials):
        del credentials["spaces_regions"]
        with opened(emulator, credentials) as account:
            assert len([scope for scope in account.scopes() if scope.resource_type == "spaces:bucket"]) == 11


def test_a_wrong_secret_fails_the_buckets_only_and_is_not_in_the_words():
    with cloud() as (emulator, credentials):
        wrong = {**credentials, "spaces_secret_key": "not-the-secret"}
        with opened(emulator, wrong) as account:
            assert list(account.collect(Scope("compute:droplet")))
            with pytest.raises(PermissionDenied) as caught:
                list(account.collect(FRANKFURT))
    assert caught.value.message == (
        "the key of Spaces may not list the buckets in fra1: not allowed (HTTP 403: SignatureDoesNotMatch); "
        "it has to be a full access key"
    )


def test_a_key_that_may_not_list_says_so():
    with cloud() as (emulator, credentials), opened(emulator, credentials) as account:
        emulator.deny(credentials, "spaces")
        with pytest.raises(PermissionDenied, match="AccessDenied"):
            list(account.collect(FRANKFURT))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><form>Please log in</form></html>",
        b"<ListAllMyBucketsResult/>",
        b"<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket></Buckets>",
        b"<ListAllMyBucketsResult><Buckets><Bucket/></Buckets></ListAllMyBucketsResult>",
        b"<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name><CreationDate>x</CreationDate></Bucket></Buckets>"
        b"</ListAllMyBucketsResult>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>',
    ],
    ids=["empty", "page", "no list", "cut", "no name", "no date", "entities"],
)
def test_an_answer_that_is_no_list_of_buckets_is_refused(body):
    with cloud() as (emulator, credentials), opened(emulator, credentials) as account:
        emulator.routes.insert(0, ("GET", "/", lambda _: Reply(body, headers={"Content-Type": "application/xml"})))
        with pytest.raises(ResponseInvalid):
            list(account.collect(FRANKFURT))


def test_two_teams_see_their_own_buckets():
    with cloud() as (emulator, first):
        second = fill(emulator, servers=1, day=TODAY, salt=emulator.url)
        team_of(emulator, second).buckets = {"fra1": ["assets", "theirs"]}
        for credentials, names in ((first, ["assets", "backups"]), (second, ["assets", "theirs"])):
            with opened(emulator, credentials) as account:
                assert [resource.name for resource in account.collect(FRANKFURT)] == names
