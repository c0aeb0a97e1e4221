"""Keep what sync knows of connections, links and runs."""

from alembic import op

from tracker.storage.migrations.run import statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen SQL of this change for the database at hand."""
    connection = op.get_bind()
    for statement in statements(f"0003_sync.{connection.dialect.name}.sql"):
        connection.exec_driver_sql(statement)
