"""Which visitor each session is of."""

from typing import Final

import numpy as np

from prilavok.services.log_analytics.generator.plan import LogPlan
from prilavok.services.log_analytics.generator.sessions import Numbers, Random

DAY: Final = 86_400
# Every tenth session is of one of the few who come all the time.
REGULARS: Final = 0.1
# All others come within a day and a half, then never again.
STAY_DAYS: Final = 1.5
MIDDLE: Final = 0.5


def choose_visitors(random: Random, plan: LogPlan, starts: Numbers) -> Numbers:
    """Choose one for each start, in seconds since the plan's start."""
    spread = (random.random(len(starts)) - MIDDLE) * STAY_DAYS * DAY
    passing = (starts + spread) / (plan.days * DAY)
    regular = random.random(len(starts)) * REGULARS
    is_regular = random.random(len(starts)) < REGULARS
    share = np.where(is_regular, regular, passing).clip(0, 1)
    visitors = np.minimum(share * plan.visitors, plan.visitors - 1)
    chosen: Numbers = visitors.astype(np.int64)
    return chosen
