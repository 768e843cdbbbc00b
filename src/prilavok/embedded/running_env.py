"""The settings that ``up`` makes, left where commands on this machine find them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from environs import Env

from prilavok.embedded.passwords import write_private
from prilavok.settings import RUNNING_ENV


def given(name: str) -> str | None:
    """Return what people set, in the environment or in ``.env``: they win."""
    env = Env()
    env.read_env(".env", recurse=False)
    return env.str(name, None)


def is_given(name: str) -> bool:
    """Tell whether people set it."""
    return given(name) is not None


def forget(folder: Path) -> None:
    """Remove what a killed supervisor left: its servers are gone."""
    (folder / RUNNING_ENV).unlink(missing_ok=True)


@contextmanager
def published(folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """Publish the settings that nobody gave, for as long as the block runs."""
    lines = [
        f"{name}={text}\n" for name, text in settings.items() if not is_given(name)
    ]
    write_private(folder / RUNNING_ENV, "".join(lines))
    yield
    forget(folder)
