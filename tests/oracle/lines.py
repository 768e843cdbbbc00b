"""Lines of made-up logs, written as the shop writes them."""

from typing import Final

MOMENT: Final = len("2018-08-01 00:00:00")
LINE: Final = "shop_api      | {} [{:0>8}] INFO: {} https://all_to_the_bottom.com{}\n"


def write_log(*requests: str) -> bytes:
    """Write a log of ``"DATE TIME KEY ADDRESS PATH"`` texts; short keys are padded."""
    return b"".join(map(_write_line, requests))


def _write_line(request: str) -> bytes:
    moment, rest = request[:MOMENT], request[MOMENT:]
    return LINE.format(moment, *rest.split()).encode()
