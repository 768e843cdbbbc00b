"""Statements that read the tables without the numbers that importers gave."""

from types import MappingProxyType
from typing import Final

from prilavok.repositories.tables.log_summaries import HOUR_COLUMNS

HOURS: Final = ", ".join(
    f"({number}, {column})" for number, column in enumerate(HOUR_COLUMNS)
)
EVENTS: Final = """
SELECT at, key, host(address), path FROM events
JOIN visitors USING (visitor_id) JOIN pages USING (page_id)
ORDER BY at, key
"""
VISITORS: Final = "SELECT host(address) FROM visitors"
NUMBER: Final = (
    "('x' || encode(substring({0} FROM at + 1 FOR 4), 'hex'))::bit(32)::integer AS {1}"
)
UNPACKED: Final = f"""
SELECT *, {NUMBER.format('visitor_ids', 'visitor_id')},
    {NUMBER.format('events', 'counted')}
FROM {{0}} CROSS JOIN generate_series(0, length(visitor_ids) - 4, 4) AS at
"""
VISITOR_DAYS: Final = f"""
SELECT day, host(address), sum(counted)
FROM ({UNPACKED.format('visitor_days')}) AS unpacked
JOIN visitors USING (visitor_id) GROUP BY 1, 2
"""
CATEGORY_VISITOR_DAYS: Final = f"""
SELECT name, day, host(address), sum(counted)
FROM ({UNPACKED.format('category_visitor_days')}) AS unpacked
JOIN visitors USING (visitor_id)
JOIN categories USING (category_id)
GROUP BY 1, 2, 3
"""
# Visitors whose country is another, or stands nowhere, in the packed table.
WRONG_COUNTRIES: Final = """
SELECT visitor_id FROM visitors
LEFT JOIN visitor_countries ON chunk = visitor_id / 512
WHERE (256 * get_byte(countries, visitor_id % 512 * 2)
    + get_byte(countries, visitor_id % 512 * 2 + 1)) IS DISTINCT FROM country
"""
DAY_HOURS: Final = f"""
SELECT coalesce(name, ''), kind, day, hour, sum(events) FROM day_hours
LEFT JOIN categories USING (category_id)
CROSS JOIN LATERAL (VALUES {HOURS}) AS hours (hour, events)
GROUP BY 1, 2, 3, 4 HAVING sum(events) > 0
"""
GOODS_VOTES: Final = """
SELECT goods_id, path, votes FROM goods_votes JOIN pages USING (page_id)
"""
GOODS: Final = "SELECT goods_id, path FROM goods JOIN pages USING (page_id)"
CARTS: Final = """
SELECT cart_id, created_at, paid_at, user_id, host(address), lines,
    ARRAY(SELECT name FROM categories WHERE category_id = ANY(category_ids)
        ORDER BY name COLLATE "C"),
    has_pay
FROM carts JOIN visitors USING (visitor_id)
JOIN category_sets USING (category_set_id)
ORDER BY cart_id
"""
ORPHAN_CARTS: Final = "SELECT cart_id, lines FROM orphan_carts"
QUERIES: Final = MappingProxyType(
    {
        "events": EVENTS,
        "visitors": VISITORS,
        "visitor_days": VISITOR_DAYS,
        "category_visitor_days": CATEGORY_VISITOR_DAYS,
        "day_hours": DAY_HOURS,
        "goods_votes": GOODS_VOTES,
        "goods": GOODS,
        "carts": CARTS,
        "orphan_carts": ORPHAN_CARTS,
    },
)
