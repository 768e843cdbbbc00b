"""Categories are asked for by name and counted by id."""

from typing import Final

from sqlalchemy import Text, bindparam, select

from prilavok.repositories.tables.shop_logs import CategoryRow

# NULL, which equals nothing, for a category that no log ever named.
CATEGORY_ID: Final = (
    select(CategoryRow.category_id)
    .where(CategoryRow.name == bindparam("category", type_=Text))
    .scalar_subquery()
)
