"""Events are packed in two arrays in place of four; countries by runs of visitors."""

from types import MappingProxyType
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: Final = "0016_tighter_packs"
down_revision: Final = "0015_packed_events"
branch_labels: Final = None
depends_on: Final = None

PACKED: Final = "packed_events"
BEFORE: Final = "packed_events_before"
TIMES: Final = "last_at_first_at"
IMPORT: Final = "import_id"
WIDE: Final = MappingProxyType[str, sa.types.TypeEngine[int]](
    {
        "seconds": sa.Integer(),
        "key": sa.BigInteger(),
        "visitor_id": sa.Integer(),
        "page_id": sa.Integer(),
    },
)
TIGHT: Final = MappingProxyType[str, sa.types.TypeEngine[int]](
    {"moments": sa.BigInteger(), "visits": sa.BigInteger()},
)
# Seconds after the first event fit 21 bits beside the 42 of a key.
FITS: Final = "last_at - first_at < interval '1 second' * (1 << 21)"
UNPACKED_WIDE: Final = """
SELECT first_at + unnest(seconds) * interval '1 second' AS at, unnest(key) AS key,
    unnest(visitor_id) AS visitor_id, import_id, unnest(page_id) AS page_id
FROM {0}
"""
UNPACKED_TIGHT: Final = """
SELECT first_at + (moment >> 42) * interval '1 second' AS at,
    moment & ((1::bigint << 42) - 1) AS key, (visit >> 32)::integer AS visitor_id,
    import_id, (visit & ((1::bigint << 32) - 1))::integer AS page_id
FROM (
    SELECT import_id, first_at, unnest(moments) AS moment, unnest(visits) AS visit
    FROM {0}
) AS unpacked
"""
VIEW: Final = """
CREATE VIEW events AS
SELECT at, key, visitor_id, import_id, page_id FROM loose_events
UNION ALL {0}
"""
UNPACK_LONG: Final = f"""
INSERT INTO loose_events (at, key, visitor_id, import_id, page_id)
{UNPACKED_WIDE.format(BEFORE)} WHERE NOT ({FITS})
"""
TIGHTEN: Final = f"""
INSERT INTO {PACKED} (import_id, size, first_at, last_at, moments, visits)
SELECT import_id, size, first_at, last_at,
    ARRAY(
        SELECT second::bigint << 42 | one
        FROM unnest(seconds, key) WITH ORDINALITY AS both_of (second, one, place)
        ORDER BY place
    ),
    ARRAY(
        SELECT visitor::bigint << 32 | page
        FROM unnest(visitor_id, page_id) WITH ORDINALITY
            AS both_of (visitor, page, place)
        ORDER BY place
    )
FROM {BEFORE} WHERE {FITS} ORDER BY pack_id
"""
WIDEN: Final = f"""
INSERT INTO {PACKED}
    (import_id, size, first_at, last_at, seconds, key, visitor_id, page_id)
SELECT import_id, size, first_at, last_at,
    ARRAY(SELECT (moment >> 42)::integer FROM unnest(moments) AS moment),
    ARRAY(SELECT moment & ((1::bigint << 42) - 1) FROM unnest(moments) AS moment),
    ARRAY(SELECT (visit >> 32)::integer FROM unnest(visits) AS visit),
    ARRAY(SELECT (visit & ((1::bigint << 32) - 1))::integer
        FROM unnest(visits) AS visit)
FROM {BEFORE} ORDER BY pack_id
"""
# What a chunk has of visitors who did not come now stays. Those who come by an import
# have numbers that follow one another: then the chunk is not looked up again. Two who
# did so at once would each miss what the other has not committed: hence the lock.
BY_RUNS: Final = """
CREATE OR REPLACE FUNCTION pack_visitor_countries() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('prilavok.logs', 0));
    INSERT INTO public.visitor_countries (chunk, countries)
    SELECT chunk, CASE WHEN is_run THEN overlay(
        coalesce(
            (SELECT countries FROM public.visitor_countries AS known
                WHERE known.chunk = told.chunk),
            decode(repeat('00', 1024), 'hex')
        )
        PLACING run FROM first_id % 512 * 2 + 1
    ) ELSE (
        SELECT string_agg(int2send(coalesce(country, 0::smallint)), ''::bytea
            ORDER BY id)
        FROM generate_series(chunk * 512, chunk * 512 + 511) AS id
        LEFT JOIN LATERAL (
            SELECT country FROM public.visitors WHERE visitor_id = id LIMIT 1
        ) AS known ON true
    ) END
    FROM (
        SELECT visitor_id / 512 AS chunk, min(visitor_id) AS first_id,
            max(visitor_id) - min(visitor_id) + 1 = count(*) AS is_run,
            string_agg(int2send(country), ''::bytea ORDER BY visitor_id) AS run
        FROM changed GROUP BY visitor_id / 512
    ) AS told
    ON CONFLICT (chunk) DO UPDATE SET countries = excluded.countries;
    RETURN NULL;
END $$
"""
ONE_BY_ONE: Final = """
CREATE OR REPLACE FUNCTION pack_visitor_countries() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('prilavok.logs', 0));
    INSERT INTO public.visitor_countries (chunk, countries)
    SELECT chunk, string_agg(int2send(coalesce(country, 0::smallint)), ''::bytea
        ORDER BY id)
    FROM (SELECT DISTINCT visitor_id / 512 AS chunk FROM changed) AS touched
    CROSS JOIN LATERAL generate_series(chunk * 512, chunk * 512 + 511) AS id
    LEFT JOIN LATERAL (
        SELECT country FROM public.visitors WHERE visitor_id = id LIMIT 1
    ) AS known ON true
    GROUP BY chunk
    ON CONFLICT (chunk) DO UPDATE SET countries = excluded.countries;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Pack anew; what lies too far apart for that becomes loose."""
    _replace(TIGHT, UNPACK_LONG, TIGHTEN)
    op.execute(VIEW.format(UNPACKED_TIGHT.format(PACKED)))
    op.execute(BY_RUNS)


def downgrade() -> None:
    """Make four arrays of two."""
    _replace(WIDE, WIDEN)
    op.execute(VIEW.format(UNPACKED_WIDE.format(PACKED)))
    op.execute(ONE_BY_ONE)


def _replace(
    arrays: MappingProxyType[str, sa.types.TypeEngine[int]], *moves: str
) -> None:
    """Move the packs to a table that has these arrays."""
    op.execute("DROP VIEW events")
    for index in (TIMES, IMPORT):
        op.drop_index(f"ix__{PACKED}__{index}", PACKED)
    op.rename_table(PACKED, BEFORE)
    op.execute(f"ALTER INDEX pk__{PACKED} RENAME TO pk__{BEFORE}")
    op.create_table(
        PACKED,
        sa.Column("pack_id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        *(
            sa.Column(name, ARRAY(kind), nullable=False)
            for name, kind in arrays.items()
        ),
        sa.PrimaryKeyConstraint("pack_id", name=op.f(f"pk__{PACKED}")),
    )
    for name in arrays:
        op.execute(f"ALTER TABLE {PACKED} ALTER {name} SET STORAGE EXTERNAL")
    for move in moves:
        op.execute(move)
    op.drop_table(BEFORE)
    op.create_index(f"ix__{PACKED}__{TIMES}", PACKED, ["last_at", "first_at"])
    op.create_index(
        f"ix__{PACKED}__{IMPORT}",
        PACKED,
        [IMPORT],
        postgresql_using="brin",
    )
