"""Keep what check-ins, calendar, flow, plan back and audit read: corrected check-ins, series, more counts, indexes."""

from alembic import op

from tracker.storage.migrations.run import statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen SQL of this change for the database at hand."""
    connection = op.get_bind()
    for statement in statements(f"0002_motion.{connection.dialect.name}.sql"):
        connection.exec_driver_sql(statement)
