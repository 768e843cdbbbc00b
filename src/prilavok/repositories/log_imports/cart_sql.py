"""Statements that count goods and carts again.

``$1`` are ids of goods, visitors or carts, as ``array_text`` writes them. They are
always unnested in a subquery: of ``= ANY($1::text::bigint[])`` PostgreSQL may make a
filter that reads the text again for each row of the table.
"""

from typing import Final

ADD_VOTES: Final = """
INSERT INTO goods_votes AS known (goods_id, page_id, votes)
SELECT goods_id, page_id, sum(votes)
FROM unnest($1::text::bigint[], $2::text::integer[], $3::text::integer[])
    AS won (goods_id, page_id, votes)
GROUP BY goods_id, page_id
ON CONFLICT (goods_id, page_id) DO UPDATE SET votes = known.votes + excluded.votes
"""
DROP_VOTES: Final = """
DELETE FROM goods_votes
WHERE goods_id IN (SELECT unnest($1::text::bigint[])) AND votes = 0
"""
DROP_GOODS: Final = """
DELETE FROM goods WHERE goods_id IN (SELECT unnest($1::text::bigint[]))
    AND NOT EXISTS (SELECT FROM goods_votes WHERE goods_votes.goods_id = goods.goods_id)
RETURNING goods_id
"""
# The page with the most votes; of those with equally many the first by name.
CHOOSE_GOODS: Final = """
INSERT INTO goods AS known (goods_id, page_id, category_id)
SELECT DISTINCT ON (goods_id) goods_id, page_id, category_id
FROM goods_votes JOIN pages USING (page_id)
WHERE goods_id IN (SELECT unnest($1::text::bigint[]))
ORDER BY goods_id, votes DESC, path COLLATE "C"
ON CONFLICT (goods_id) DO UPDATE
SET page_id = excluded.page_id, category_id = excluded.category_id
WHERE known.page_id <> excluded.page_id
RETURNING goods_id
"""
CARTS_OF_GOODS: Final = """
SELECT DISTINCT cart_id FROM cart_events
WHERE goods_id IN (SELECT unnest($1::text::bigint[])) AND goods_id IS NOT NULL
"""
CARTS_OF_PAYERS: Final = """
SELECT cart_id FROM carts
WHERE visitor_id IN (SELECT unnest($1::text::integer[]))
    AND paid_at IS NOT NULL AND NOT has_pay
"""
# IN and not USING, which would have the planner read all carts for some thousands. Most
# shops number their carts upwards: those above the last one nobody needs to look for.
FORGET_CARTS: Final = """
WITH last AS MATERIALIZED (
    SELECT greatest(
        (SELECT max(cart_id) FROM carts), (SELECT max(cart_id) FROM orphan_carts)
    ) AS cart_id
),
asked AS MATERIALIZED (
    SELECT asked.cart_id FROM unnest($1::text::bigint[]) AS asked (cart_id)
    CROSS JOIN last WHERE asked.cart_id <= last.cart_id
),
counted AS (
    DELETE FROM carts WHERE cart_id IN (SELECT cart_id FROM asked) RETURNING cart_id
),
orphans AS (
    DELETE FROM orphan_carts WHERE cart_id IN (SELECT cart_id FROM asked)
    RETURNING cart_id
)
SELECT cart_id FROM counted UNION ALL SELECT cart_id FROM orphans
"""
CATEGORIES: Final = """
SELECT goods_id, category_id FROM goods
WHERE goods_id IN (SELECT unnest($1::text::bigint[]))
"""
# Sets are arrays as PostgreSQL writes them, each different from the others.
FIND_SETS: Final = """
SELECT word, (
    SELECT category_set_id FROM category_sets AS known
    WHERE known.category_ids = word::integer[]
) FROM unnest($1::text[]) AS asked (word)
"""
ADD_SETS: Final = """
INSERT INTO category_sets (category_ids)
SELECT word::integer[] FROM unnest($1::text[]) AS unknown (word)
RETURNING category_ids::text, category_set_id
"""
COUNT_CARTS: Final = """
WITH facts AS (
    SELECT cart_id,
        count(cart_events.goods_id) AS lines,
        count(*) AS events,
        min(at) FILTER (WHERE cart_events.goods_id IS NOT NULL) AS created_at,
        (array_agg(visitor_id ORDER BY at, key)
            FILTER (WHERE cart_events.goods_id IS NOT NULL))[1] AS visitor_id,
        min(at) FILTER (WHERE cart_events.goods_id IS NULL AND user_id IS NULL)
            AS paid_at,
        (array_agg(user_id ORDER BY at, key) FILTER (WHERE user_id IS NOT NULL))[1]
            AS user_id,
        coalesce(
            array_agg(DISTINCT goods.category_id ORDER BY goods.category_id)
                FILTER (WHERE goods.category_id IS NOT NULL),
            '{}'
        ) AS category_ids
    FROM cart_events LEFT JOIN goods USING (goods_id)
    WHERE cart_id IN (SELECT unnest($1::text::bigint[]))
    GROUP BY cart_id
),
asked_sets AS (SELECT DISTINCT category_ids FROM facts WHERE lines > 0),
new_sets AS (
    INSERT INTO category_sets (category_ids)
    SELECT category_ids FROM asked_sets
    WHERE category_ids NOT IN (SELECT category_ids FROM category_sets)
    RETURNING category_set_id, category_ids
),
known_sets AS (
    SELECT category_set_id, category_ids FROM new_sets
    UNION ALL
    SELECT category_set_id, category_ids FROM category_sets
    JOIN asked_sets USING (category_ids)
),
orphans AS (
    INSERT INTO orphan_carts (cart_id, lines)
    SELECT cart_id, events FROM facts WHERE lines = 0
)
INSERT INTO carts (
    cart_id, created_at, paid_at, user_id, visitor_id, lines, category_set_id, has_pay
)
SELECT cart_id, created_at, paid_at,
    coalesce(user_id, CASE WHEN paid_at IS NOT NULL THEN (
        SELECT elsewhere.user_id FROM cart_events AS elsewhere
        WHERE elsewhere.visitor_id = facts.visitor_id AND elsewhere.user_id IS NOT NULL
        ORDER BY at, key LIMIT 1
    ) END),
    visitor_id, lines, category_set_id, user_id IS NOT NULL
FROM facts JOIN known_sets USING (category_ids)
WHERE lines > 0
"""
