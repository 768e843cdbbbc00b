"""Doing a transaction again when another one was in its way."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from functools import wraps
from random import uniform
from typing import Final, ParamSpec, TypeVar

from prilavok.domain.errors import Collision

ArgumentsT = ParamSpec("ArgumentsT")
ResultT = TypeVar("ResultT")
Work = Callable[ArgumentsT, Awaitable[ResultT]]
# Longest pauses before the second, third and fourth try; random, so that two which
# met once do not meet again.
PAUSES: Final = (0.05, 0.1, 0.2)


def retry_collisions(work: Work[ArgumentsT, ResultT]) -> Work[ArgumentsT, ResultT]:
    """Repeat a unit of work that opens its own transaction and leaves nothing behind.

    After the third repetition the ``Collision`` goes to the caller, who is told to
    come back later.
    """

    @wraps(work)
    async def wrapper(
        *args: ArgumentsT.args,
        **kwargs: ArgumentsT.kwargs,
    ) -> ResultT:
        for pause in PAUSES:
            try:
                return await work(*args, **kwargs)
            except Collision:
                await sleep(uniform(0, pause))
        return await work(*args, **kwargs)

    return wrapper
