# SPDX-License-Identifier: Apache-2.0
"""The migrations lead to the schema, from nothing and again."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from coreline.errors import OutsideError
from coreline_server.storage.migrate import MIGRATIONS, migrate, newest, revision
from coreline_server.storage.schema import metadata


def test_the_migrated_file_has_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    migrate(path)
    migrate(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        found = sqlite3.connect(path)
        made = dict(found.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        found.close()
    engine.dispose()
    # Alembic compares columns, not primary keys and checks; so does this.
    fresh = create_engine("sqlite://")
    with fresh.connect() as connection:
        metadata.create_all(connection)
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        wanted = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    fresh.dispose()
    made.pop("alembic_version")
    assert {name: _columns(sql) for name, sql in made.items()} == {
        name: _columns(sql) for name, sql in wanted.items()
    }


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"something else" * 1000)
    with pytest.raises(OutsideError) as caught:
        migrate(path)
    assert caught.value.code == "database-cannot-migrate"


def _columns(sql: str) -> list[str]:
    return sorted(line.strip().strip(",") for line in sql.splitlines()[1:-1])


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    migrate(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(OutsideError) as caught:
        migrate(path)
    assert caught.value.code == "database-cannot-migrate"


def test_the_number_of_a_file_is_its_revision(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    assert revision(path) is None
    migrate(path)
    assert revision(path) == newest()
    for file in (MIGRATIONS / "versions").glob("v*.py"):
        assert f'revision = "{file.stem[1:5]}"' in file.read_text(encoding="utf-8")


def test_a_migration_that_was_cut_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, made = tmp_path / "a.sqlite", op.create_table

    def cut_off(name: str, *columns: Any, **options: Any) -> Any:
        if name == "files":
            raise KeyboardInterrupt
        return made(name, *columns, **options)

    monkeypatch.setattr(op, "create_table", cut_off)
    with pytest.raises(KeyboardInterrupt):
        migrate(path)
    monkeypatch.undo()
    migrate(path)
    assert revision(path) == newest()


def test_any_name_of_a_folder_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "100% ours? yes#1"
    folder.mkdir()
    migrate(folder / "a.sqlite")
    assert [path.name for path in folder.iterdir()] == ["a.sqlite"]
