from app.core.domain.resources import Resource
from app.core.domain.scopes import Scope
from app.core.services.bulk_sync_service import BulkSyncService
from tests.support.factories import add_connection, add_user
from tests.support.scripted_provider import ScriptedAccount


def test_smoke(runtime, cloud):
    user = add_user(runtime)
    add_connection(runtime, user)
    cloud.accounts["key"] = ScriptedAccount({Scope("vm", "r1"): [Resource("a"), Resource("A", name="n\U0001f600")]})
    print(BulkSyncService(runtime).sync_all_users())
