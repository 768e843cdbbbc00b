"""Telling a process to stop, by several signals at almost the same time."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from time import perf_counter
from typing import Final

from prilavok.stopping import SIGNALS

ROOT: Final = Path(__file__).parents[1]
PATIENCE_SECONDS: Final = 30
FEWEST: Final = 2
MOST: Final = 5
MOST_SECONDS: Final = 0.0002
# What the supervisor does all day, and what workers and demo servers do.
WAITING: Final = """
from prilavok.stopping import told_to_stop
with told_to_stop() as stopping:
    print("waiting", flush=True)
    while not stopping.wait(0.2):
        pass
"""
LOOPING: Final = """
import asyncio
from prilavok.stop_event import stop_event
from prilavok.stopping import told_to_stop
async def wait(stopping):
    told = stop_event(stopping)
    print("waiting", flush=True)
    await told.wait()
with told_to_stop() as stopping:
    asyncio.run(wait(stopping))
"""


def stop_codes(script: str, times: int, seed: int) -> Sequence[int]:
    """Start the script and stop it, again and again; return its exit codes."""
    random = Random(seed)
    return [_stop(script, random) for _ in range(times)]


def _stop(script: str, random: Random) -> int:
    command = (sys.executable, "-c", script)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with Popen(command, env=environment, stdout=PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        for _ in range(random.randint(FEWEST, MOST)):
            _pass_time(random.uniform(0, MOST_SECONDS))
            # Not buried yet, its number is nobody else's even when it has ended.
            os.kill(process.pid, random.choice(SIGNALS))
        try:
            return process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()


def _pass_time(seconds: float) -> None:
    """Wait more exactly than one can sleep."""
    end = perf_counter() + seconds
    left = seconds
    while left > 0:
        left = end - perf_counter()
