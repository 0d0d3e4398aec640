"""Run by Alembic inside `upgrade`, with its connection and transaction."""

from alembic import context

from central.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
