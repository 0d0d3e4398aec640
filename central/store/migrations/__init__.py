"""The schema, step by step (Alembic): `versions/` only grows. `upgrade` brings a database to the newest."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from central.store.database import Database
from central.store.locks import lock_whole


class NewerSchema(Exception):
    """The database was made by a newer version of this program."""


def upgrade(database: Database) -> None:
    """Several processes may start at once: one does it, the others find it done. Raises NewerSchema, Unavailable."""
    config = _config()
    with database.writing() as connection:
        lock_whole(connection, "migrations")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise NewerSchema(str(error)) from error


def newest_revision() -> str:
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", f"{__name__.replace('.store.migrations', '')}:store/migrations")
    config.set_main_option("path_separator", "os")
    return config
