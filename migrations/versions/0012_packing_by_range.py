"""Read visitors whose countries are packed by ranges, and not one by one."""

from typing import Final

from alembic import op

revision: Final = "0012_packing_by_range"
down_revision: Final = "0011_narrower_indexes"
branch_labels: Final = None
depends_on: Final = None

FUNCTION: Final = """
CREATE OR REPLACE FUNCTION pack_visitor_countries() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('prilavok.logs', 0));
    INSERT INTO public.visitor_countries (chunk, countries)
    SELECT chunk, string_agg(int2send(coalesce(country, 0::smallint)), ''::bytea
        ORDER BY id)
    FROM (SELECT DISTINCT visitor_id / 512 AS chunk FROM changed) AS touched
    {countries}
    GROUP BY chunk
    ON CONFLICT (chunk) DO UPDATE SET countries = excluded.countries;
    RETURN NULL;
END $$
"""
# OFFSET, so that the planner reads the range once and does not look each visitor up.
BY_RANGE: Final = """
    CROSS JOIN LATERAL (
        SELECT id, country
        FROM generate_series(chunk * 512, chunk * 512 + 511) AS id
        LEFT JOIN (
            SELECT visitor_id, country FROM public.visitors
            WHERE visitor_id BETWEEN chunk * 512 AND chunk * 512 + 511 OFFSET 0
        ) AS known ON visitor_id = id
    ) AS packed
"""
ONE_BY_ONE: Final = """
    CROSS JOIN LATERAL generate_series(chunk * 512, chunk * 512 + 511) AS id
    LEFT JOIN LATERAL (
        SELECT country FROM public.visitors WHERE visitor_id = id LIMIT 1
    ) AS known ON true
"""


def upgrade() -> None:
    """Spare an import a hundredth of its time."""
    op.execute(FUNCTION.format(countries=BY_RANGE))


def downgrade() -> None:
    """Look each visitor up."""
    op.execute(FUNCTION.format(countries=ONE_BY_ONE))
