"""What each atelier says it can take; and of each order what was made on a day, all ateliers together."""

from alembic import op
from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIGURES = ("cut", "sewn", "finished", "second", "rejected", "missing", "in_rework", "shipped", "received", "presumed")


def upgrade() -> None:
    op.create_table(
        "capacity",
        Column("atelier", Text, nullable=False),
        Column("pieces_a_week", Integer, nullable=False, server_default="0"),
        Column("from_day", Text, nullable=False, server_default=""),
        Column("declared_at_ms", BigInteger, nullable=False, server_default="0"),
        ForeignKeyConstraint(["atelier"], ["atelier.atelier"], name="fk_capacity_atelier"),
        PrimaryKeyConstraint("atelier", name="pk_capacity"),
    )
    op.create_table(
        "order_day",
        Column("order_code", Text, nullable=False),
        Column("day", Date, nullable=False),
        *(Column(name, BigInteger, nullable=False, server_default="0") for name in FIGURES),
        Column("mentions", Integer, nullable=False, server_default="0"),
        PrimaryKeyConstraint("order_code", "day", name="pk_order_day"),
    )
    op.create_index("ix_order_day_day", "order_day", ["day"])
    sums = ", ".join(f"sum({name})" for name in (*FIGURES, "mentions"))
    op.execute(f"INSERT INTO order_day SELECT order_code, day, {sums} FROM progress_day GROUP BY order_code, day")
