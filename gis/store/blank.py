"""The files of an operation in which nothing has happened yet."""

import json
import shutil
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.exc import DatabaseError

from gis.store.guards import identity, version
from gis.store.operation import ACTOR, Operation, desk_file, readings_file
from gis.store.tables import geopackage, schema
from gis.store.tables.engine import open_blank


def lay_out(folder: Path, operation: Operation) -> None:
    """Fill a folder that was made a moment ago; what cannot be filled is taken away again."""
    blank, blank_readings = open_blank(desk_file(folder)), open_blank(readings_file(folder))
    try:
        with blank.begin() as desk, blank_readings.begin() as readings:
            geopackage.create(desk)
            schema.readings.create_all(readings)
            readings.execute(insert(schema.generation).values(number=0))
            state = {
                "operation": operation.to_json(),
                version.STATE: version.stamp(),
                ACTOR: identity.new_actor(),
            }
            rows = [{"name": name, "value": json.dumps(value)} for name, value in state.items()]
            desk.execute(insert(schema.desk_state), rows)
    except DatabaseError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        blank.dispose()
        blank_readings.dispose()
