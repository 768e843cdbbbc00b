"""The commands that show what is served read the route lines."""

import json

import typer
from typer.testing import CliRunner

from prilavok.cli import documents
from prilavok.transport.openapi import openapi_document
from prilavok.transport.routes import ROUTES


def run(*arguments: str) -> str:
    """Return what a command says."""
    cli = typer.Typer()
    documents.register(cli)
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_routes_are_shown_with_their_audience() -> None:
    """Each has a line, in full; one's own account is said."""
    table, listed = run("routes"), json.loads(run("routes", "--json"))["items"]
    own = {"method": "GET", "path": "/api/v1/users/{id}"}

    assert own | {"allowed": "users:read, or on one's own account"} in listed
    assert {route.path for route in ROUTES} <= {line["path"] for line in listed}
    assert all(line["path"] in table for line in listed)


def test_document_is_written_in_both_forms() -> None:
    """Indented for people, on one line for programs, and the same."""
    indented, compact = run("openapi"), run("openapi", "--json")

    assert json.loads(indented) == json.loads(compact) == openapi_document()
    assert compact.count("\n") == 1
