from app.core.domain.scopes import Scope, ScopeReceipt


def test_a_scope_reads_as_type_and_place() -> None:
    assert str(Scope("ec2:instance", "eu-west-1")) == "ec2:instance@eu-west-1"
    assert str(Scope("s3:bucket")) == "s3:bucket@global"


def test_a_receipt_with_an_error_is_not_complete() -> None:
    assert ScopeReceipt(Scope("vm")).complete
    assert not ScopeReceipt(Scope("vm"), error="").complete
