"""Logs as hypothesis makes them up: right, nearly right, and hostile lines."""

from typing import Final

from hypothesis import strategies as st

HEAD: Final = b"shop_api      | "
DATES: Final = (
    "2018-08-01",
    "2018-02-30",
    "2016-02-29",
    "1900-02-29",
    "2000-02-29",
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "1970-01-01",
    "2999-13-01",
    "2018-00-10",
    "2018-01-00",
    "2018-04-31",
    "2018-8-01",
)
CLOCKS: Final = ("00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "1:00:00")
KEYS: Final = ("OOZLQWZC", "00000000", "ZZZZZZZZ", "OOZLQWZ", "oozlqwzc", "A1B2C3D4E")
ADDRESSES: Final = (
    "121.165.118.201",
    "0.0.0.0",
    "255.255.255.255",
    "256.1.1.1",
    "1.2.3",
    "01.2.3.4",
    "1.2.3.4:80",
    "1.2.3.4/8",
    "::",
    "::1",
    "2001:DB8::1",
    "2001:db8:0:0::1",
    "::ffff:1.2.3.4",
    "::FFFF:0102:0304",
    "0:0:0:0:0:ffff:1.2.3.4",
    "1.2.3.4",
    "::1.2.3.4",
    "::ffff:1.2.3.256",
    "fe80::1%eth0",
    "[::1]",
    "1:2:3:4:5:6:7::",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "localhost",
    "%",
)
URLS: Final = (
    "https://all_to_the_bottom.com/",
    "https://all_to_the_bottom.com",
    "http://all_to_the_bottom.com/",
    "https://all_to_the_bottom_com/",
    "https://all_to_the_bottom.com.example.com/",
    "https://ALL_TO_THE_BOTTOM.com/",
)
NUMBERS: Final = (
    "0",
    "1",
    "007",
    "8642",
    "9" * 9,
    "1" * 10,
    "9" * 18,
    "1" * 19,
    "",
    "-1",
)
PATHS: Final = (
    "",
    "fresh_fish/",
    "fresh_fish/carp/",
    "_/__/",
    "fresh_fish",
    "Fresh_fish/",
    "a/b/c/",
    "fresh_fish//",
    "/",
    "cart?goods_id=1&cart_id=2&amount=3",
    "cart?goods_id=1&amount=2&cart_id=3&x=4",
    "success_pay_/",
    "pay/",
    "<script>alert('1')</script>",
    "'; DROP TABLE events; --",
    "%D0%BA",
    "\u043a\u0430\u0440\u043f/",
    "a b/",
    "tab\there/",
    "nul\0/",
)


@st.composite
def _carrying(draw: st.DrawFn) -> str:
    numbers = [draw(st.sampled_from(NUMBERS)) for _ in range(3)]
    forms = (
        "cart?goods_id={}&amount={}&cart_id={}",
        "pay?user_id={}&cart_id={}",
        "success_pay_{}/",
    )
    return draw(st.sampled_from(forms)).format(*numbers)


def mostly(right: str, others: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Draw what is right two times in three, so that whole lines can be right."""
    return st.one_of(st.just(right), st.just(right), st.sampled_from(others))


@st.composite
def _lines(draw: st.DrawFn) -> bytes:
    moment = f"{draw(mostly(DATES[0], DATES))} {draw(mostly(CLOCKS[0], CLOCKS))}"
    key = draw(mostly(KEYS[0], KEYS))
    address = draw(mostly(ADDRESSES[0], ADDRESSES))
    path = draw(st.one_of(st.sampled_from(PATHS), _carrying()))
    rest = f"{moment} [{key}] INFO: {address} {draw(mostly(URLS[0], URLS))}{path}"
    spaces = " " * draw(st.sampled_from((6, 6, 6, 1, 2, 40, 0)))
    return b"".join((b"shop_api", spaces.encode(), b"| ", rest.encode()))


@st.composite
def _spoilt(draw: st.DrawFn) -> bytes:
    """Change, add, drop or double something in a line."""
    line = draw(_lines())
    place = draw(st.integers(0, len(line)))
    more = draw(
        st.one_of(
            st.binary(min_size=1, max_size=3),
            st.sampled_from((b" ", b"\r", b"\x7f", b"\xef\xbb\xbf", line)),
        ),
    )
    dropped = draw(st.integers(0, 3))
    return line[:place] + more + line[place + dropped :]


HOSTILE: Final = (
    b"",
    b" \t ",
    b"\xef\xbb\xbf",
    b"\0" * 20,
    b"\xff\xfes\0h\0o\0p\0",
    "\u0440\u044b\u0431\u0430".encode(),
    b" " * 9000,
    b"x" * 9000,
    HEAD
    + b"2018-08-01 00:00:00 [OOZLQWZC] INFO: ::1 https://all_to_the_bottom.com/"
    + b"a" * 8092,
    b"a" * 8192,
    b"a" * 8193,
    b"\r",
    b"\r\r",
)
LINES: Final = st.one_of(_lines(), _lines(), _spoilt(), st.sampled_from(HOSTILE))
ENDS: Final = st.sampled_from((b"\n", b"\n", b"\r\n", b"\n\n", b"\r\r\n", b"\n \t\n"))


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    """Draw a log with any ends of lines, with or without a BOM and a last end."""
    parts = draw(st.lists(st.tuples(LINES, ENDS), max_size=12))
    start = draw(st.sampled_from((b"", b"", b"\xef\xbb\xbf")))
    last = draw(st.one_of(st.just(b""), LINES))
    return start + b"".join(line + end for line, end in parts) + last
