"""Logs: two formats, our levels, and foreign text that cannot forge lines."""

import json
import logging

import pytest

from app.logging import configure, printable


@pytest.fixture(autouse=True)
def _restore_logging() -> object:
    root, ours = logging.getLogger(), logging.getLogger("app")
    before = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:], root.level = before[0], before[1]
    ours.setLevel(before[2])


def test_text_has_the_contracts_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text")
    logging.getLogger("app.x").info("Starting bulk sync for %s", "all active users")
    line = capsys.readouterr().err
    assert line[19:] == " [INFO] Starting bulk sync for all active users\n"


def test_json_is_one_object_a_line_with_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json")
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("app.x").exception("failed")
    entry = json.loads(capsys.readouterr().err)
    assert (entry["level"], entry["message"]) == ("ERROR", "failed")
    assert "ValueError: no" in entry["exception"]


def test_libraries_say_nothing_below_warning_even_at_debug(capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", "text")
    logging.getLogger("botocore.auth").debug("a secret")
    logging.getLogger("app.x").debug("ours")
    assert "a secret" not in (err := capsys.readouterr().err)
    assert "ours" in err


def test_foreign_text_can_neither_forge_a_line_nor_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text")
    logging.getLogger("app.x").info("name: %s", "x\n2026-01-01 00:00:00 [ERROR] forged \x1b[2J")
    assert capsys.readouterr().err.count("\n") == 1
    assert printable("a\x1b[2J\u202eb") == "a\\x1b[2J\\u202eb"
    assert printable("имя ✓") == "имя ✓"
