"""Which folders a credential sees, and what is said when it sees none."""

import pytest

from app.core.domain.errors import PermissionDenied
from app.core.domain.scopes import Scope
from app.providers.yandex.catalog import KINDS
from emulators.kit.faults import Fault, Kind
from emulators.yandex import seed
from tests.providers.yandex.cloud import Cloud


def places(scopes: object) -> list[str]:
    return sorted({scope.location for scope in scopes})  # type: ignore[attr-defined]


def test_every_type_is_a_scope_of_every_folder_of_every_cloud(cloud: Cloud) -> None:
    seed.add_cloud(cloud.account, "b1gother", "other", [("b1gz", "z"), ("b1gy", "y")])
    scopes = cloud.open().scopes()
    assert len(scopes) == 3 * len(KINDS)
    assert places(scopes) == sorted([cloud.folder, "b1gy", "b1gz"])


def test_folders_that_wait_for_their_deletion_are_read_and_those_being_deleted_not(cloud: Cloud) -> None:
    seed.add_cloud(cloud.account, "b1gother", "other", [("b1gpending", "p"), ("b1gdeleting", "d")])
    cloud.account.folders[1]["status"] = "PENDING_DELETION"
    cloud.account.folders[2]["status"] = "DELETING"
    assert places(cloud.open().scopes()) == sorted([cloud.folder, "b1gpending"])


def test_a_cloud_or_folder_that_was_named_is_all_that_is_read(cloud: Cloud) -> None:
    seed.add_cloud(cloud.account, "b1gother", "other", [("b1gz", "z"), ("b1gy", "y")])
    assert places(cloud.open(cloud_id="b1gother").scopes()) == ["b1gy", "b1gz"]
    account = cloud.open(folder_id="b1gz")
    assert account.identify() == "b1gz"
    assert places(account.scopes()) == ["b1gz"]
    assert cloud.open(cloud_id="b1gother").identify() == "b1gother"


def test_a_folder_of_another_cloud_is_named(cloud: Cloud) -> None:
    seed.add_cloud(cloud.account, "b1gother", "other", [("b1gz", "z")])
    with pytest.raises(PermissionDenied, match=r"b1gz is in the cloud b1gother, not in b1gwrong"):
        cloud.open(folder_id="b1gz", cloud_id="b1gwrong").scopes()


def test_a_service_account_that_sees_no_cloud_reads_its_own_folder(cloud: Cloud) -> None:
    cloud.account.sees_clouds = False
    account = cloud.open()
    assert account.identify() == cloud.folder
    assert places(account.scopes()) == [cloud.folder]


def test_who_sees_nothing_is_told_what_to_grant(cloud: Cloud) -> None:
    cloud.account.sees_clouds = False
    cloud.emulator.deny(cloud.credentials, "/iam/v1/serviceAccounts")
    with pytest.raises(PermissionDenied, match=r'sees no cloud; grant it the role "viewer".*folder_id'):
        cloud.open().identify()
    with pytest.raises(PermissionDenied, match="folder_id"):
        cloud.open(without_key=True, oauth_token=cloud.account.oauth_token).identify()


def test_a_folder_that_is_not_there_is_named(cloud: Cloud) -> None:
    with pytest.raises(PermissionDenied, match=r"the folder b1gnone cannot be seen.*check the id"):
        cloud.open(folder_id="b1gnone").identify()


def test_a_cloud_whose_folders_are_denied_costs_only_itself(cloud: Cloud) -> None:
    seed.add_cloud(cloud.account, "b1gother", "other", [("b1gz", "z")])
    account = cloud.open()
    # Clouds are asked for their folders in the order of their ids.
    cloud.emulator.faults.add(Fault(Kind.STATUS, "/folders", status=403, times=1))
    scopes = account.scopes()
    first = min(item["id"] for item in cloud.account.clouds)
    assert scopes[0] == Scope("resource-manager:folder", first)
    assert len(scopes) == 1 + len(KINDS)
    cloud.emulator.faults.add(Fault(Kind.STATUS, "/folders", status=403, words="Permission denied"))
    with pytest.raises(PermissionDenied, match=f'folders of the cloud {first} .*role "viewer"'):
        list(account.collect(scopes[0]))


def test_folders_denied_everywhere_are_an_error(cloud: Cloud) -> None:
    cloud.emulator.deny(cloud.credentials, "/resource-manager/v1/folders")
    with pytest.raises(PermissionDenied, match="cannot be listed"):
        cloud.open().scopes()


def test_an_account_with_a_cloud_and_nothing_in_it_is_fine(cloud: Cloud) -> None:
    account = cloud.open()
    assert all(not list(account.collect(scope)) for scope in account.scopes())
    cloud.account.folders.clear()
    assert list(cloud.open().scopes()) == []
