"""Values of query parameters that somebody may try."""

from typing import Final

# Percent-encoded, as they stand in the address.
GUESSES: Final = (
    "",
    "%20",
    "-1",
    "0",
    "1e3",
    "1_0",
    "%D9%A1",
    "9223372036854775808",
    "9" * 4000,
    "true",
    "null",
    "%27%20OR%201=1--",
    "%22%3B%20DROP%20TABLE%20users%3B--",
    "login%3B%20DROP%20TABLE%20users",
    "login,login",
    "-",
    ",",
    "--login",
    "password_hash",
    "(SELECT%20version())",
    "pg_sleep(10)",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59.999999%2B00:00",
    "0001-01-01T00:00:00%2B14:00",
    "2026-02-30",
    "2026-W01-1",
    "%C4%B0%C5%BF%E2%80%AE",
    "%25",
    "_",
    "%5C",
    "{00000000-0000-7000-8000-000000000000}",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAA!",
    "a" * 5000,
)
NO_TEXT: Final = ("%00", "a%00b", "%FF", "%ED%A0%80", "%C0%AF", "%F4%90%80%80")
