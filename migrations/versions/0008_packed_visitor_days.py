"""Visitors of a day in one row, and their countries in one place."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008_packed_visitor_days"
down_revision: Final = "0007_countries"
branch_labels: Final = None
depends_on: Final = None

SUMMARIES: Final = ("visitor_days", "category_visitor_days")
PACKED: Final = ("visitor_ids", "events")
COUNTED: Final = ("country", "visitor_id", "events")

PACK: Final = """
INSERT INTO {table} ({keys}, visitor_ids, events)
SELECT {keys},
    string_agg(int4send(visitor_id), ''::bytea ORDER BY visitor_id),
    string_agg(int4send(events), ''::bytea ORDER BY visitor_id)
FROM unpacked_{table} GROUP BY {keys}
"""
NUMBER: Final = (
    "('x' || encode(substring({0} FROM at + 1 FOR 4), 'hex'))::bit(32)::integer"
)
UNPACK: Final = f"""
INSERT INTO {{table}} ({{keys}}, visitor_id, events, country)
SELECT {{keys}}, visitor_id, counted, coalesce(country, 0)
FROM packed_{{table}}
CROSS JOIN LATERAL (
    SELECT {NUMBER.format("visitor_ids")} AS visitor_id,
        {NUMBER.format("packed_{table}.events")} AS counted
    FROM generate_series(0, length(visitor_ids) - 4, 4) AS at
) AS unpacked
LEFT JOIN visitors USING (visitor_id)
"""
# All chunks in which visitors were added or changed are written again. Two who did so
# at once would each miss what the other has not committed: hence the importers' lock.
FUNCTION: Final = """
CREATE FUNCTION pack_visitor_countries() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('prilavok.logs', 0));
    INSERT INTO visitor_countries (chunk, countries)
    SELECT chunk, string_agg(int2send(coalesce(country, 0::smallint)), ''::bytea
        ORDER BY id)
    FROM (SELECT DISTINCT visitor_id / 512 AS chunk FROM changed) AS touched
    CROSS JOIN LATERAL generate_series(chunk * 512, chunk * 512 + 511) AS id
    LEFT JOIN LATERAL (
        SELECT country FROM visitors WHERE visitor_id = id LIMIT 1
    ) AS known ON true
    GROUP BY chunk
    ON CONFLICT (chunk) DO UPDATE SET countries = excluded.countries;
    RETURN NULL;
END $$
"""
FORGET_FUNCTION: Final = """
CREATE FUNCTION forget_visitor_countries() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('prilavok.logs', 0));
    DELETE FROM visitor_countries
    WHERE chunk IN (SELECT DISTINCT visitor_id / 512 FROM gone)
        AND NOT EXISTS (
            SELECT FROM visitors
            WHERE visitor_id BETWEEN chunk * 512 AND chunk * 512 + 511
        );
    RETURN NULL;
END $$
"""
TRIGGERS: Final = (
    """
    CREATE TRIGGER pack_added AFTER INSERT ON visitors REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION pack_visitor_countries()
    """,
    """
    CREATE TRIGGER pack_changed AFTER UPDATE ON visitors
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION pack_visitor_countries()
    """,
    """
    CREATE TRIGGER forget_gone AFTER DELETE ON visitors REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION forget_visitor_countries()
    """,
)
# Writes every chunk.
PACK_ALL: Final = "UPDATE visitors SET country = country"


def upgrade() -> None:
    """Pack what there is."""
    for table in SUMMARIES:
        _put_aside(table, "unpacked")
        _create(table, *(sa.Column(name, sa.LargeBinary()) for name in PACKED))
        _create_index(table)
        for name in PACKED:
            op.execute(f"ALTER TABLE {table} ALTER {name} SET STORAGE EXTERNAL")
        op.execute(PACK.format(table=table, keys=", ".join(_keys(table))))
        op.drop_table(f"unpacked_{table}")
    op.create_table(
        "visitor_countries",
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("countries", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chunk", name=op.f("pk__visitor_countries")),
    )
    for statement in (FUNCTION, FORGET_FUNCTION, *TRIGGERS, PACK_ALL):
        op.execute(statement)


def downgrade() -> None:
    """Unpack it."""
    for trigger in ("pack_added", "pack_changed", "forget_gone"):
        op.execute(f"DROP TRIGGER {trigger} ON visitors")
    for function in ("pack_visitor_countries", "forget_visitor_countries"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("visitor_countries")
    for table in SUMMARIES:
        _put_aside(table, "packed")
        _create(
            table,
            sa.Column("visitor_id", sa.Integer()),
            sa.Column("events", sa.Integer()),
            sa.Column("country", sa.SmallInteger()),
        )
        _create_index(table, postgresql_include=COUNTED)
        op.create_index(
            f"ix__{table}__without_country",
            table,
            ["visitor_id"],
            postgresql_where=sa.text("country = 0"),
        )
        op.execute(UNPACK.format(table=table, keys=", ".join(_keys(table))))
        op.drop_table(f"packed_{table}")


def _put_aside(table: str, prefix: str) -> None:
    """Rename the table; its indexes go, for their names are wanted."""
    for index in ("import_id", "_".join(_days(table)), "without_country"):
        op.drop_index(f"ix__{table}__{index}", table, if_exists=True)
    op.rename_table(table, f"{prefix}_{table}")


def _create(table: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        column.nullable = False
    op.create_table(
        table,
        *(
            sa.Column(key, sa.Date() if key == "day" else sa.Integer(), nullable=False)
            for key in _keys(table)
        ),
        *columns,
    )
    op.create_index(
        f"ix__{table}__import_id",
        table,
        ["import_id"],
        postgresql_using="brin",
    )


def _create_index(table: str, **options: Any) -> None:
    days = _days(table)
    name = "_".join(days)
    op.create_index(f"ix__{table}__{name}", table, days, **options)


def _days(table: str) -> list[str]:
    return ["day"] if table == "visitor_days" else ["category_id", "day"]


def _keys(table: str) -> list[str]:
    return ["import_id", *_days(table)]
