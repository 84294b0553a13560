"""Many rows as one JSON parameter: statements whose number does not depend on how many rows they carry."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Date, Subquery, Text, bindparam, column, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.core.models.types import Json, Money, UTCDateTime

MAX_PAYLOAD_BYTES = 7 * 1024 * 1024
"""More rows make further statements. Twice this (all bytes escaped) fits MariaDB's default packet of 16 MiB."""

_POSTGRESQL = {
    Text: "text",
    BigInteger: "bigint",
    Date: "date",
    Money: "numeric(20, 10)",
    UTCDateTime: "timestamp",
    Json: "jsonb",
}
_MYSQL = {
    Text: "varchar(512) character set utf8mb4 collate utf8mb4_bin",
    BigInteger: "bigint",
    Date: "date",
    Money: "decimal(20, 10)",
    UTCDateTime: "datetime(6)",
    Json: "longtext character set utf8mb4 collate utf8mb4_bin",
}
Columns = Mapping[str, Any]
"""Column name -> one of Text (up to 512 characters), BigInteger, Date, Money, UTCDateTime, Json (already text)."""


def chunks(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Serialise rows into JSON arrays of bounded size. Values are text or numbers; leave out what is NULL."""
    batch: list[str] = []
    size = 0
    for row in rows:
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        length = len(line.encode())
        if batch and size + length > MAX_PAYLOAD_BYTES:
            yield f"[{','.join(batch)}]"
            batch, size = [], 0
        batch.append(line)
        size += length + 1
    if batch:
        yield f"[{','.join(batch)}]"


def incoming(session: Session, columns: Columns, payload: str) -> Subquery:
    """Return the rows of one payload as a table expression named `incoming`."""
    dialect = session.get_bind().dialect.name
    source = {"sqlite": _sqlite, "postgresql": _postgresql}.get(dialect, _mysql)(columns)
    statement = text(source).bindparams(bindparam("payload", payload, Text))
    typed: Sequence[Any] = [column(name, _instance(kind)) for name, kind in columns.items()]
    return statement.columns(*typed).subquery("incoming")


def _instance(kind: Any) -> TypeEngine[Any]:
    # JSON travels as text that is serialised already: the type that would serialise it again stays out.
    return Text() if kind is Json else kind()


def _sqlite(columns: Columns) -> str:
    # The limit makes SQLite read the payload once and look rows up in it; else it reads it again for every row.
    picks = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
    return f"SELECT {picks} FROM json_each(:payload) LIMIT -1"  # noqa: S608 - column names are our own


def _postgresql(columns: Columns) -> str:
    types = ", ".join(f"{name} {'text' if kind is Json else _POSTGRESQL[kind]}" for name, kind in columns.items())
    picks = ", ".join(f"CAST({name} AS jsonb) AS {name}" if kind is Json else name for name, kind in columns.items())
    return f"SELECT {picks} FROM jsonb_to_recordset(CAST(:payload AS jsonb)) AS r({types})"  # noqa: S608


def _mysql(columns: Columns) -> str:
    paths = ", ".join(f"{name} {_MYSQL[kind]} PATH '$.{name}'" for name, kind in columns.items())
    return f"SELECT * FROM JSON_TABLE(:payload, '$[*]' COLUMNS ({paths})) AS r"  # noqa: S608
