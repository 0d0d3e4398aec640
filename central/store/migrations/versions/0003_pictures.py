"""Pictures of an order's style and steps."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, LargeBinary, PrimaryKeyConstraint, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shared_order", Column("picture", Text, nullable=False, server_default=""))
    op.create_table(
        "order_picture",
        Column("order_code", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("png", LargeBinary, nullable=False),
        Column("width", Integer, nullable=False, server_default="0"),
        Column("height", Integer, nullable=False, server_default="0"),
        Column("added_at_ms", BigInteger, nullable=False, server_default="0"),
        ForeignKeyConstraint(["order_code"], ["shared_order.order_code"], name="fk_order_picture_order_code"),
        PrimaryKeyConstraint("order_code", "sha256", name="pk_order_picture"),
    )
