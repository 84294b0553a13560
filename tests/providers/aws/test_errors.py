"""What AWS's refusals become, told by a server that speaks its protocols."""

from typing import Any

import pytest

from app.core.domain.errors import (
    AuthenticationFailed,
    PermissionDenied,
    ProviderUnavailable,
    RateLimited,
    ResponseInvalid,
    SyncError,
)
from app.core.domain.scopes import Scope
from app.providers.aws import client
from app.providers.aws import reader as reader_module
from tests.providers.aws.aws_cloud import KEY_ID, Canned, Cloud, caller_identity, json_error, xml_error

pytestmark = pytest.mark.usefixtures("one_try")

INSTANCES = Scope("ec2:instance", "us-east-1")
TABLES = Scope("dynamodb:table", "us-east-1")
DATABASES = Scope("rds:db-instance", "us-east-1")
FUNCTIONS = Scope("lambda:function", "us-east-1")
BUCKETS = Scope("s3:bucket")


@pytest.fixture
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries and their pauses are botocore's, and are seen in test_transport."""
    monkeypatch.setattr(client, "ATTEMPTS", 1)


def ec2_error(code: str, message: str = "because") -> str:
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return f"<Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>"


def failing(canned: Canned, scope: Scope, status: int, body: str) -> SyncError:
    """Return what a scope raises when STS is content and the service answers so."""
    canned.answer = lambda r: (200, caller_identity()) if r.operation == "GetCallerIdentity" else (status, body)
    account = Cloud(canned.url).open()
    with pytest.raises(SyncError) as caught:
        list(account.collect(scope))
    account.close()
    return caught.value


@pytest.mark.parametrize(
    ("scope", "status", "body", "kind", "says"),
    [
        (INSTANCES, 401, ec2_error("AuthFailure"), PermissionDenied, "region us-east-1 is not enabled"),
        (INSTANCES, 403, ec2_error("OptInRequired"), PermissionDenied, "OptInRequired: because"),
        (INSTANCES, 403, ec2_error("UnauthorizedOperation"), PermissionDenied, "add it to the policy"),
        (INSTANCES, 503, ec2_error("RequestLimitExceeded"), RateLimited, "fewer calls"),
        (INSTANCES, 500, ec2_error("InternalError"), ProviderUnavailable, "server error"),
        (INSTANCES, 400, ec2_error("RequestExpired"), AuthenticationFailed, "clock of this machine"),
        (INSTANCES, 400, ec2_error("InvalidParameterValue"), ResponseInvalid, "does not take the call"),
        (INSTANCES, 418, ec2_error("Teapot"), ResponseInvalid, "Teapot"),
        (TABLES, 400, json_error("UnrecognizedClientException"), PermissionDenied, "region us-east-1"),
        (TABLES, 400, json_error("ExpiredTokenException"), AuthenticationFailed, "session token has expired"),
        (TABLES, 400, json_error("AccessDeniedException"), PermissionDenied, "ListTables"),
        (TABLES, 400, json_error("ThrottlingException"), RateLimited, "ThrottlingException"),
        (DATABASES, 400, xml_error("Throttling"), RateLimited, "Throttling"),
        (DATABASES, 403, xml_error("ExpiredToken"), AuthenticationFailed, "use role_arn"),
        (BUCKETS, 403, xml_error("AccessDenied"), PermissionDenied, "ListBuckets"),
        (BUCKETS, 401, "", AuthenticationFailed, "does not know this key"),
        (BUCKETS, 503, "", ProviderUnavailable, "server error"),
        (FUNCTIONS, 429, "{}", RateLimited, "fewer calls"),
        (FUNCTIONS, 404, "not here", ResponseInvalid, "404"),
    ],
)
def test_a_refusal_becomes_one_of_our_errors(
    canned: Canned, scope: Scope, status: int, body: str, kind: type[SyncError], says: str
) -> None:
    error = failing(canned, scope, status, body)
    assert type(error) is kind
    assert says in error.message


@pytest.mark.parametrize(
    ("scope", "status", "body", "kind"),
    [
        (INSTANCES, 200, "<!doctype html><p>Maintenance", ResponseInvalid),
        (INSTANCES, 502, "<!doctype html><p>Bad gateway", ProviderUnavailable),
        (INSTANCES, 200, "<html><body>Welcome</body></html>", ResponseInvalid),
        (INSTANCES, 200, "", ResponseInvalid),
        (INSTANCES, 200, "<R><reservationSet><item><instancesSet><item/></instancesSet></item>", ResponseInvalid),
        (DATABASES, 200, "<html><body>Welcome</body></html>", ResponseInvalid),
        (DATABASES, 200, "", ResponseInvalid),
        (BUCKETS, 200, "<html/>", ResponseInvalid),
        (TABLES, 200, "<html><body>Welcome</body></html>", ResponseInvalid),
        (TABLES, 200, "", ResponseInvalid),
        (TABLES, 200, "{}", ResponseInvalid),
        (TABLES, 200, '{"TableNames": null}', ResponseInvalid),
        (TABLES, 200, '{"TableNames": ["t"', ResponseInvalid),
        (TABLES, 200, '{"TableNames": 7}', ResponseInvalid),
        (TABLES, 200, "[]", ResponseInvalid),
        (FUNCTIONS, 200, '{"Functions": [{"FunctionName": "no-arn"}]}', ResponseInvalid),
        (FUNCTIONS, 200, '{"Functions": [7]}', ResponseInvalid),
    ],
)
def test_an_answer_that_is_none_is_never_an_empty_listing(
    canned: Canned, scope: Scope, status: int, body: str, kind: type[SyncError]
) -> None:
    error = failing(canned, scope, status, body)
    assert type(error) is kind


def test_a_missing_field_is_named(canned: Canned) -> None:
    item = "<item><instanceState><name>running</name></instanceState></item>"
    body = f"<R><reservationSet><item><instancesSet>{item}</instancesSet></item></reservationSet></R>"
    assert "'InstanceId'" in failing(canned, INSTANCES, 200, body).message


def test_a_missing_list_is_named(canned: Canned) -> None:
    assert failing(canned, TABLES, 200, "{}").message == "the answer to list_tables has no TableNames"


def test_a_page_that_fails_fails_the_whole_scope(canned: Canned) -> None:
    def answer(request: Any) -> tuple[int, str]:
        if request.operation == "GetCallerIdentity":
            return 200, caller_identity()
        if request.operation == "DescribeTable":
            return 200, '{"Table": {"TableName": "table", "TableArn": "arn:t"}}'
        if request.operation == "GetResources":
            return 200, '{"ResourceTagMappingList": []}'
        if "ExclusiveStartTableName" in request.body:
            return 400, json_error("AccessDeniedException")
        return 200, '{"TableNames": ["table"], "LastEvaluatedTableName": "table"}'

    canned.answer = answer
    account = Cloud(canned.url).open()
    listing = account.collect(TABLES)
    assert next(listing).name == "table"
    with pytest.raises(PermissionDenied):
        list(listing)
    account.close()


def test_a_listing_that_repeats_its_page_is_refused(canned: Canned) -> None:
    error = failing(canned, FUNCTIONS, 200, '{"Functions": [], "NextMarker": "again"}')
    assert type(error) is ResponseInvalid
    assert "same next token" in error.message
    assert len(canned.requests) == 3


def test_a_listing_that_goes_round_in_circles_is_refused(canned: Canned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "MAX_PAGES", 20)

    def answer(request: Any) -> tuple[int, str]:
        if request.operation == "GetCallerIdentity":
            return 200, caller_identity()
        return 200, f'{{"Functions": [], "NextMarker": "{"b" if "Marker=a" in request.operation else "a"}"}}'

    canned.answer = answer
    account = Cloud(canned.url).open()
    with pytest.raises(ResponseInvalid, match="20 pages"):
        list(account.collect(FUNCTIONS))
    account.close()


def test_a_table_deleted_while_tables_are_listed_is_not_an_error(canned: Canned) -> None:
    answers = {
        "GetCallerIdentity": (200, caller_identity()),
        "ListTables": (200, '{"TableNames": ["gone"]}'),
        "DescribeTable": (400, json_error("ResourceNotFoundException")),
    }
    canned.answer = lambda request: answers[request.operation]
    account = Cloud(canned.url).open()
    assert list(account.collect(TABLES)) == []
    account.close()


def test_denied_tags_fail_the_scope_with_the_reason(canned: Canned) -> None:
    function = '{"Functions": [{"FunctionName": "f", "FunctionArn": "arn:f"}]}'
    answers = {
        "GetCallerIdentity": (200, caller_identity()),
        "GetResources": (400, json_error("AccessDeniedException", "not authorized to perform: tag:GetResources")),
    }
    canned.answer = lambda request: answers.get(request.operation, (200, function))
    account = Cloud(canned.url).open()
    with pytest.raises(PermissionDenied, match="tag:GetResources"):
        list(account.collect(FUNCTIONS))
    account.close()


def test_a_cluster_that_cannot_be_described_fails_the_scope(canned: Canned) -> None:
    answers = {
        "GetCallerIdentity": (200, caller_identity()),
        "ListClusters": (200, '{"clusterArns": ["arn:c"]}'),
        "DescribeClusters": (200, '{"clusters": [], "failures": [{"arn": "arn:c", "reason": "ACCESS"}]}'),
    }
    canned.answer = lambda request: answers[request.operation]
    account = Cloud(canned.url).open()
    with pytest.raises(ResponseInvalid, match="could not describe arn:c: ACCESS"):
        list(account.collect(Scope("ecs:cluster", "us-east-1")))
    account.close()


def test_the_pause_that_aws_asks_for_is_handed_on(canned: Canned) -> None:
    canned.headers = {"Retry-After": "17"}
    error = failing(canned, DATABASES, 400, xml_error("Throttling"))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 17


@pytest.mark.parametrize(
    ("status", "body", "hidden"),
    [
        (403, xml_error("AccessDenied", f"key {KEY_ID} may not"), KEY_ID),
        (403, xml_error("AccessDenied", "token is " + "t" * 200), "t" * 50),
        (403, xml_error("SignatureDoesNotMatch", "should have been x-amz-security-token:short-token"), "short-token"),
        (403, xml_error("AccessDenied", "first line\nwith session-secret"), "session-secret"),
        (403, xml_error("AccessDenied", "with session-secret"), "session-secret"),
        (200, "<!doctype session-secret", "session-secret"),
    ],
)
def test_what_aws_echoes_of_a_credential_is_masked(canned: Canned, status: int, body: str, hidden: str) -> None:
    canned.answer = lambda request: (status, body)
    account = Cloud(canned.url).open(session_token="session-secret")
    with pytest.raises(SyncError) as caught:
        account.identify()
    assert hidden not in caught.value.message
    assert caught.value.__cause__ is None
    account.close()


def test_a_masked_key_id_keeps_its_last_four(canned: Canned) -> None:
    error = failing(canned, DATABASES, 403, xml_error("AccessDenied", f"key {KEY_ID} may not"))
    assert "key …MPLE may not" in error.message


def test_a_long_explanation_is_cut(canned: Canned) -> None:
    error = failing(canned, DATABASES, 403, xml_error("AccessDenied", "word " * 2000))
    assert len(error.message) < 500
