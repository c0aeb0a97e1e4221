"""Alembic's entry: runs the migrations on the connection it is given, SQLite or PostgreSQL."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False)
context.run_migrations()
