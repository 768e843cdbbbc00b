"""The seven questions asked of the events themselves, as one would without summaries.

Each statement takes the first moment of the days asked for, and the first one after
them. Reports 5 to 7 read ``cart_events``, the events that carry ids, and may use what
``goods`` knows. Report 6 also sorts all carts, as its first page wants.
"""

from types import MappingProxyType
from typing import Final

from prilavok.domain.reports.questions import ReportName

COUNTRIES: Final = """
SELECT country, count(*), count(DISTINCT visitor_id)
FROM events JOIN visitors USING (visitor_id)
WHERE at >= $1 AND at < $2 GROUP BY country
"""
CATEGORY_COUNTRIES: Final = """
SELECT country, count(*), count(DISTINCT visitor_id)
FROM events JOIN visitors USING (visitor_id) JOIN pages USING (page_id)
WHERE at >= $1 AND at < $2 AND category_id = (
    SELECT category_id FROM categories WHERE name = 'fresh_fish'
)
GROUP BY country
"""
CATEGORY_HOURS: Final = """
SELECT extract(isodow FROM at), extract(hour FROM at), count(*)
FROM events JOIN pages USING (page_id)
WHERE at >= $1 AND at < $2 AND kind = 2 AND category_id = (
    SELECT category_id FROM categories WHERE name = 'frozen_fish'
)
GROUP BY 1, 2
"""
PEAK_HOUR: Final = """
SELECT date_trunc('hour', at), count(*) FROM events
WHERE at >= $1 AND at < $2 GROUP BY 1 ORDER BY 1
"""
BOUGHT_TOGETHER: Final = """
WITH held AS (
    SELECT DISTINCT cart_id, category_id
    FROM cart_events JOIN goods USING (goods_id)
),
paid AS (
    SELECT cart_id FROM cart_events GROUP BY cart_id
    HAVING bool_or(kind = 6) AND min(at) FILTER (WHERE kind = 4) >= $1
        AND min(at) FILTER (WHERE kind = 4) < $2
)
SELECT other.category_id, count(*)
FROM paid JOIN held USING (cart_id) JOIN held AS other USING (cart_id)
WHERE held.category_id = (
    SELECT category_id FROM categories WHERE name = 'semi_manufactures'
)
GROUP BY 1
"""
UNPAID_CARTS: Final = """
SELECT cart_id, min(at), count(*) FROM cart_events GROUP BY cart_id
HAVING NOT bool_or(kind = 6) AND min(at) FILTER (WHERE kind = 4) >= $1
    AND min(at) FILTER (WHERE kind = 4) < $2
ORDER BY 2, 1
"""
REPEAT_BUYERS: Final = """
SELECT purchases, count(*) FROM (
    SELECT count(*) AS purchases FROM (
        SELECT (array_agg(user_id ORDER BY at, key)
            FILTER (WHERE user_id IS NOT NULL))[1] AS user_id
        FROM cart_events GROUP BY cart_id
        HAVING bool_or(kind = 6) AND min(at) FILTER (WHERE kind = 4) >= $1
            AND min(at) FILTER (WHERE kind = 4) < $2
    ) AS bought GROUP BY user_id
) AS buyers GROUP BY purchases
"""
ASKED_OF_EVENTS: Final = MappingProxyType(
    {
        ReportName.COUNTRIES: COUNTRIES,
        ReportName.CATEGORY_COUNTRIES: CATEGORY_COUNTRIES,
        ReportName.CATEGORY_HOURS: CATEGORY_HOURS,
        ReportName.PEAK_HOUR: PEAK_HOUR,
        ReportName.BOUGHT_TOGETHER: BOUGHT_TOGETHER,
        ReportName.UNPAID_CARTS: UNPAID_CARTS,
        ReportName.REPEAT_BUYERS: REPEAT_BUYERS,
    },
)
