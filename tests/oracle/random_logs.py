"""Random logs so dense that carts, visitors, goods and ties keep meeting."""

from typing import Final

from hypothesis import strategies as st

from tests.oracle.lines import write_log

DAYS: Final = ("0001-01-01", "2018-08-04", "2018-08-05", "9999-12-31")
TIMES: Final = ("00:00:00", "05:59:59", "06:00:00", "06:00:01", "18:30:00", "23:59:59")
KEYS: Final = "09AZ"
# Two of them are one visitor, twice.
ADDRESSES: Final = (
    "1.1.1.1",
    "::ffff:1.1.1.1",
    "8.8.8.8",
    "10.0.0.1",
    "2001:db8::1",
    "2001:db8:0::1",
)
CATEGORIES: Final = ("fresh_fish", "frozen_fish", "semi_manufactures")
NUMBERS: Final = st.integers(1, 4)

categories: Final = st.sampled_from(CATEGORIES)
paths: Final = st.one_of(
    st.sampled_from(("/", "/about", "/cart?goods_id=1&amount=0&cart_id=1")),
    st.builds("/{}/".format, categories),
    st.builds("/{}/{}/".format, categories, st.sampled_from(("a", "b"))),
    st.builds("/cart?goods_id={}&amount=1&cart_id={}".format, NUMBERS, NUMBERS),
    st.builds("/pay?user_id={}&cart_id={}".format, NUMBERS, NUMBERS),
    st.builds("/success_pay_{}/".format, NUMBERS),
)
requests: Final = st.builds(
    "{} {} {} {} {}".format,
    st.sampled_from(DAYS),
    st.sampled_from(TIMES),
    st.sampled_from(KEYS),
    st.sampled_from(ADDRESSES),
    paths,
)
logs: Final = st.lists(requests, max_size=80).map(lambda lines: write_log(*lines))
