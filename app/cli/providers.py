"""`infrazen providers`: the kinds of cloud that are installed, and what their credentials are made of."""

import json
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import click

from app.cli.context import Failure
from app.cli.output import echo_json, echo_table, json_option
from app.logging import printable
from app.providers import registry
from app.providers.base import Provider

_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What importing someone's plugin may raise."""
_WIDTH = 100
_Schema = Mapping[str, Any]
_PLACEHOLDERS: Mapping[str, Any] = {"string": "…", "boolean": True, "integer": 1, "number": 1, "array": ["…"]}
_SECRET = "password"  # noqa: S105 - the format's name in a JSON schema


@click.group()
def providers() -> None:
    """Show the kinds of cloud and what their credentials are made of."""


@providers.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the installed providers; one that cannot be imported is listed with its error."""
    found = [_entry(name) for name in registry.names()]
    if as_json:
        echo_json(found)
        return
    headers = ("NAME", "TITLE", "ERROR") if any(entry["error"] for entry in found) else ("NAME", "TITLE")
    echo_table(headers, (tuple(entry[header.lower()] for header in headers) for entry in found))


@providers.command()
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a provider and the fields of its credential."""
    try:
        provider = registry.get(name)
    except _BROKEN as error:
        raise Failure(_words(error), 1) from error
    described = _described(provider)
    if as_json:
        echo_json(described)
    else:
        _print(described)


def _entry(name: str) -> dict[str, str | None]:
    try:
        return {"name": name, "title": registry.get(name).title, "error": None}
    except _BROKEN as error:
        return {"name": name, "title": None, "error": _words(error)}


def _words(error: BaseException) -> str:
    return printable(str(error) if isinstance(error, registry.UnknownProvider) else f"{type(error).__name__}: {error}")


def _described(provider: Provider) -> dict[str, Any]:
    schema = provider.credentials.model_json_schema()
    definitions = schema.get("$defs", {})
    examples = schema.get("examples") or [_placeholder(schema, definitions)]
    return {
        "name": provider.name,
        "title": provider.title,
        "summary": _summary(provider),
        "credential": schema.get("description"),
        "fields": list(_fields(schema, definitions)),
        "example": examples[0],
    }


def _print(described: Mapping[str, Any]) -> None:
    click.echo(f"{described['title']} ({described['name']})")
    for paragraph in (described["summary"], described["credential"] and f"Credential: {described['credential']}"):
        if paragraph:
            click.echo("\n" + click.wrap_text(printable(" ".join(paragraph.split())), _WIDTH))
    click.echo()
    echo_table(
        ("FIELD", "TYPE", "REQUIRED", "SECRET", "DESCRIPTION"),
        ((f["name"], f["type"], f["required"], f["secret"], f["description"]) for f in described["fields"]),
    )
    command = f"infrazen connections add --user EMAIL --provider {described['name']} --name NAME"
    click.echo(f"\nExample:\n\n  {command} < credentials.json\n\nwith a file credentials.json such as\n")
    click.echo("  " + json.dumps(described["example"], ensure_ascii=False))


def _fields(schema: _Schema, definitions: _Schema) -> Iterator[dict[str, Any]]:
    for name, described in schema["properties"].items():
        yield {
            "name": name,
            "type": _kinds(described, definitions)[0].get("type", "string"),
            "required": name in schema.get("required", ()),
            "secret": _holds_secret(described, definitions),
            "description": described.get("description", ""),
            "default": described.get("default"),
        }


def _placeholder(described: _Schema, definitions: _Schema) -> Any:
    """Return a value of the right form: of an object the fields that are needed, the first one if none is."""
    kind = _kinds(described, definitions)[0]
    fields = kind.get("properties", {})
    if fields:
        return {name: _placeholder(fields[name], definitions) for name in kind.get("required") or [*fields][:1]}
    return _PLACEHOLDERS.get(kind.get("type", "string"), {})


def _holds_secret(described: _Schema, definitions: _Schema) -> bool:
    return any(
        kind.get("format") == _SECRET
        or any(_holds_secret(field, definitions) for field in kind.get("properties", {}).values())
        for kind in _kinds(described, definitions)
    )


def _kinds(described: _Schema, definitions: _Schema) -> list[_Schema]:
    """Return the schemas that a value may fit, null apart, in place of references what they refer to."""
    kinds = (
        definitions.get(kind.get("$ref", "").rpartition("/")[2], kind) for kind in described.get("anyOf", [described])
    )
    return [kind for kind in kinds if kind.get("type") != "null"]


def _summary(provider: Provider) -> str | None:
    """Return the first paragraph of the README beside the provider's module, None when there is none."""
    package = sys.modules[type(provider).__module__].__package__
    if not package:
        return None
    try:
        text = (files(package) / "README.md").read_text(encoding="utf-8")
    except (OSError, TypeError):
        return None
    blocks = (" ".join(block.split()) for block in text.split("\n\n"))
    return next((block for block in blocks if block and not block.startswith("#")), None)
