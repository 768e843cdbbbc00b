"""What ``prilavok up`` does where others have been before."""

from http import HTTPStatus
from pathlib import Path
from signal import SIGINT
from socket import create_server

from tests.e2e.instance import READY, Instance, processes


def test_two_side_by_side(folder: Path) -> None:
    """Two folders at once get two ports; one folder refuses the second."""
    other = folder / "other"
    other.mkdir()
    instances = [Instance(folder), Instance(folder, DATA_DIR=str(other))]
    one, two = (instance.await_banner() for instance in instances)
    code, errors = Instance(folder).end()

    assert one.port != two.port
    assert (code, "Another `make run`" in errors) == (1, True)
    assert one.get(READY) == HTTPStatus.OK
    assert [one.end(SIGINT)[0], two.end(SIGINT)[0]] == [0, 0]


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(folder: Path) -> None:
    """Nothing is left running."""
    with create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        code, errors = Instance(folder, HTTP_PORT=port).end()

    assert code == 1
    assert f"HTTP_PORT: {port} on 127.0.0.1 is taken" in errors
    assert not processes(folder)


def test_the_file_wins_over_what_up_would_choose(folder: Path) -> None:
    """A password from ``.env`` is not shown, a name from there is."""
    (folder / ".env").write_text(
        "ADMIN_LOGIN=ann\nADMIN_PASSWORD=correct horse battery\n"
        "PUBLIC_URL=https://shop.example\n",
    )
    instance = Instance(folder).await_banner()
    instance.end(SIGINT)

    assert instance.banner["ready"] == "https://shop.example"
    assert instance.banner["sign"] == "in as  ann"
    assert instance.banner["password"] == "the one in ADMIN_PASSWORD"


def test_a_weak_first_password_is_an_error(folder: Path) -> None:
    """It is held to what everybody's is; nothing is left running."""
    code, errors = Instance(folder, ADMIN_PASSWORD="123456").end()

    assert code == 1
    assert "ADMIN_PASSWORD: A password needs 8 to 128 characters." in errors
    assert not processes(folder)


def test_malformed_settings_are_named_before_anything_starts(folder: Path) -> None:
    """All of them at once."""
    code, errors = Instance(folder, HTTP_PORT="x", WORKERS="0").end()

    assert code == 1
    assert "HTTP_PORT" in errors
    assert "WORKERS" in errors
