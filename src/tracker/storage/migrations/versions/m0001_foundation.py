"""Make the tables, indexes and triggers of the first release."""

from alembic import op

from tracker.storage.migrations.run import statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen SQL of the first release for the database at hand."""
    connection = op.get_bind()
    for part in ("tables", "triggers"):
        for statement in statements(f"0001_{part}.{connection.dialect.name}.sql"):
            connection.exec_driver_sql(statement)
