"""Small random logs, cut and ordered in every way, on the way through every branch."""

from collections.abc import Sequence
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from prilavok.repositories.log_imports.store import LogStore
from prilavok.services.log_analytics.importer import Importer
from prilavok.services.log_analytics.known import Horizon
from tests.integration.logs.conftest import COUNTRIES
from tests.logs.expected import expected_tables
from tests.logs.importing import bring_in, import_service
from tests.logs.parsed_log import PARSER
from tests.logs.stored import empty_tables, stored_tables

LINE: Final = (
    "shop_api      | 2018-08-0{} {}:00 [AAAAAA{}] INFO: {} "
    "https://all_to_the_bottom.com/{}\n"
)
PATHS: Final = (
    "",
    "fish/",
    "fish/carp/",
    "fish/pike/",
    "caviar/red/",
    "cart?goods_id=1&amount=1&cart_id=1",
    "cart?goods_id=1&amount=2&cart_id=2",
    "cart?goods_id=2&amount=1&cart_id=1",
    "pay?user_id=5&cart_id=1",
    "pay?user_id=6&cart_id=2",
    "pay?user_id=6&cart_id=3",
    "success_pay_1/",
    "success_pay_2/",
    "success_pay_3/",
)
# Few of everything, so that lines meet: in time, by address, in carts, as duplicates.
LINES: Final = st.builds(
    LINE.format,
    st.sampled_from("12"),
    st.sampled_from(("10:00", "10:01", "10:02", "10:09", "11:00", "23:59")),
    st.sampled_from(("00", "01", "02", "ZZ")),
    st.sampled_from(("1.1.1.1", "8.8.8.8", "2001:db8::1")),
    st.sampled_from(PATHS),
).map(str.encode)
FILES: Final = st.lists(
    st.lists(LINES, max_size=14).map(b"".join),
    min_size=1,
    max_size=4,
)


@given(
    files=FILES,
    sizes=st.tuples(
        st.sampled_from((-2, 0, 100)),
        st.sampled_from((1, 150, 400, 10_000)),
        st.sampled_from((1, 3, 1024)),
    ),
    deleted=st.lists(st.integers(0, 3), max_size=2, unique=True),
)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
async def test_tables_follow_from_the_lines_alone(
    store: LogStore,
    engine: AsyncEngine,
    owner_engine: AsyncEngine,
    files: Sequence[bytes],
    sizes: tuple[int, int, int],
    deleted: Sequence[int],
) -> None:
    """Also when some imports are deleted again, of which others were duplicates."""
    await empty_tables(owner_engine)
    horizon = Horizon(look_back=60_000_000, crowd=sizes[0])
    importer = Importer(store, PARSER, COUNTRIES, horizon, *sizes[1:])
    done = await bring_in(importer, *files)
    imported = await stored_tables(engine)
    for number in deleted:
        for gone in done[number : number + 1]:
            await import_service(store).delete(gone.id)

    assert imported == expected_tables(files)
    assert await stored_tables(engine) == expected_tables(files, deleted)
