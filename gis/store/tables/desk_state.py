"""What the desk keeps beside its records: JSON values by their names, neither journaled nor undone."""

import json
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.store.tables import schema

_TABLE = schema.desk_state


def everything(desk: Connection) -> dict[str, Any]:
    """Every value by its name. Raises `ValueError` where one is no JSON."""
    rows = desk.execute(select(_TABLE.c.name, _TABLE.c.value))
    return {row.name: json.loads(row.value) for row in rows}


def kept(desk: Connection, name: str) -> Any | None:
    """The value under this name, or None. Raises `ValueError` where it is no JSON."""
    value = desk.scalar(select(_TABLE.c.value).where(_TABLE.c.name == name))
    return None if value is None else json.loads(value)


def keep(desk: Connection, name: str, value: Any) -> None:
    """Put the value in the place of what stood under this name. Raises `ValueError` when it is no JSON."""
    row = {"name": name, "value": json.dumps(value, allow_nan=False)}
    desk.execute(upsert(_TABLE).values(row).on_conflict_do_update(["name"], set_=row))


def forget(desk: Connection, name: str) -> None:
    """Nothing stands under this name any more."""
    desk.execute(delete(_TABLE).where(_TABLE.c.name == name))
