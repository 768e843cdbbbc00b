"""The breaker before the email provider."""

import pytest

from prilavok.services.game.breaker import FAILURES, Breaker, BreakerState


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        """Start somewhere."""
        self.now: float = 1000

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Let time stand still."""
    return Clock()


@pytest.fixture
def broken(clock: Clock) -> Breaker:
    """Have one that has just opened for ten seconds."""
    breaker = Breaker(clock)
    opened = [breaker.note_bad() for _ in range(FAILURES)]
    assert (any(opened[:-1]), opened[-1]) == (False, True)
    breaker.open_for(10)
    return breaker


def test_failures_in_between_do_not_open() -> None:
    """Only those in a row count."""
    breaker = Breaker(Clock())
    for _ in range(FAILURES * 2):
        breaker.note_bad()
        breaker.note_good()

    assert breaker.state is BreakerState.CLOSED


def test_open_admits_nobody(broken: Breaker, clock: Clock) -> None:
    """Until its time is over."""
    clock.now += 9.9

    assert broken.state is BreakerState.OPEN
    assert not broken.admits()


def test_half_open_admits_one(broken: Breaker, clock: Clock) -> None:
    """He probes; who is admitted and does not ask gives his turn back."""
    clock.now += 10

    assert [broken.admits(), broken.admits()] == [True, False]
    broken.give_back()
    assert [broken.admits(), broken.admits()] == [True, False]


def test_success_closes(broken: Breaker, clock: Clock) -> None:
    """Then all are admitted."""
    clock.now += 10
    assert broken.admits()
    broken.note_good()

    assert all(broken.admits() for _ in range(3))


def test_failed_probe_is_enough(broken: Breaker, clock: Clock) -> None:
    """It need not fail five times again."""
    clock.now += 10
    assert broken.admits()

    assert broken.note_bad()


def test_longer_wish_wins(broken: Breaker, clock: Clock) -> None:
    """A later, shorter pause does not end an earlier, longer one."""
    broken.open_for(1)
    clock.now += 5

    assert broken.seconds_left == 5
