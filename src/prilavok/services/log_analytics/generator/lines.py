"""Writing requests as lines of a log."""

from datetime import timedelta
from types import MappingProxyType
from typing import Final, final

import numpy as np
import polars as pl
import pyarrow as pa

from prilavok.services.log_analytics.generator.plan import LogPlan
from prilavok.services.log_analytics.generator.sessions import Numbers
from prilavok.services.log_analytics.generator.shop import FIRST_ID, GOODS, NETWORKS

DAY: Final = 86400
SIXTY: Final = 60
CLOCK: Final = pl.Series(
    [
        ":".join(
            str(part).zfill(2) for part in (minute // SIXTY, minute % SIXTY, second)
        )
        for minute in range(DAY // SIXTY)
        for second in range(SIXTY)
    ],
)
KEY_DIGITS: Final = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)
KEY_LENGTH: Final = 8
KEYS: Final = len(KEY_DIGITS) ** KEY_LENGTH
# Factors that have no divisor in common with 36, so that no key comes twice.
KEY_STRIDES: Final = (1_000_000_007, 3_000_017)
HOSTS: Final = 65_536
# Neighbours in the list of visitors have addresses far apart.
HOST_STRIDE: Final = 40_503
BYTE: Final = 256
FEWEST: Final = 0.2

CATEGORY_PATHS: Final = pl.Series(
    [f"{category}/" for category, goods in GOODS.items() for _ in goods],
)
GOODS_PATHS: Final = pl.Series(
    [f"{category}/{name}/" for category, goods in GOODS.items() for name in goods],
)
GOODS_ID: Final = pl.col("goods") + FIRST_ID
USER_ID: Final = pl.col("visitor") + FIRST_ID
CART: Final = "cart?goods_id={}&amount={}&cart_id={}"
PATHS: Final = MappingProxyType(
    {
        "i": pl.lit(""),
        "c": pl.lit(CATEGORY_PATHS).gather("goods"),
        "g": pl.lit(GOODS_PATHS).gather("goods"),
        "o": pl.lit("about?from=menu"),
        "a": pl.format(CART, GOODS_ID, "pieces", "cart"),
        "p": pl.format("pay?user_id={}&cart_id={}", USER_ID, "cart"),
        "s": pl.format("success_pay_{}/", "cart"),
    },
)
PATH: Final = pl.coalesce(
    pl.when(pl.col("step") == ord(step)).then(path) for step, path in PATHS.items()
)
LINE: Final = "shop_api      | {} {} [{}] INFO: {} https://{}/{}\n"


@final
class LineWriter:
    """Writes the requests of one plan."""

    def __init__(self, plan: LogPlan) -> None:
        """Give every visitor an address."""
        self._plan = plan
        self._days = pl.Series(
            [str(plan.start + timedelta(days=day)) for day in range(plan.days + 1)],
        )
        self._addresses = _addresses(plan)

    def write(self, requests: pl.DataFrame, first_line: int) -> bytes:
        """Return the requests as lines; ``first_line`` counts the ones before."""
        second = pl.col("second")
        line = pl.format(
            LINE,
            pl.lit(self._days).gather(second // DAY),
            pl.lit(CLOCK).gather(second % DAY),
            _keys(self._plan.seed + np.arange(first_line, first_line + len(requests))),
            pl.lit(self._addresses).gather("visitor"),
            pl.lit(self._plan.shop_host),
            PATH,
        )
        return _joined(requests.select(line.alias("line"))["line"])


def _addresses(plan: LogPlan) -> pl.Series:
    """Return the visitors' addresses; the first countries have the most of them."""
    shares = 1 / np.arange(1, len(NETWORKS) + 1) + FEWEST
    random = np.random.default_rng(plan.seed)
    networks = random.choice(NETWORKS, plan.visitors, p=shares / shares.sum())
    host = pl.Series(np.arange(plan.visitors) * HOST_STRIDE % HOSTS)
    address = pl.format(
        "{}.{}.{}", pl.lit(pl.Series(networks)), host // BYTE, host % BYTE
    )
    return pl.select(address.alias("address"))["address"]


def _keys(numbers: Numbers) -> pl.Series:
    """Return a key for each number, different ones for different numbers."""
    rest = numbers + 1
    for stride in KEY_STRIDES:
        rest = rest * stride % KEYS
    digits = []
    for _ in range(KEY_LENGTH):
        digits.append(KEY_DIGITS[rest % len(KEY_DIGITS)])
        rest = rest // len(KEY_DIGITS)
    offsets = pa.py_buffer(np.arange(len(numbers) + 1) * KEY_LENGTH)
    text = pa.py_buffer(np.column_stack(digits))
    strings = pa.LargeStringArray.from_buffers(len(numbers), offsets, text)
    return pl.Series(pl.from_arrow(strings))


def _joined(lines: pl.Series) -> bytes:
    strings = lines.to_arrow().cast(pa.large_string())
    offsets = np.frombuffer(strings.buffers()[1], np.int64)
    size = int(offsets[len(lines)])
    return bytes(memoryview(strings.buffers()[2])[:size])
