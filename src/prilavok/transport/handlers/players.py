"""HTTP face of players, for staff."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from prilavok.domain.access import Permission
from prilavok.domain.players import Changes, CreatePlayer, ListPlayers, Player
from prilavok.schemas import players as schemas
from prilavok.schemas.base import NoInput
from prilavok.transport.csv_export import CsvExport
from prilavok.transport.keys import ACTOR, SERVICES
from prilavok.transport.messages import Reply, read_expected, version_tag
from prilavok.transport.paging import page_links
from prilavok.transport.paths import path_id
from prilavok.transport.routing import RouteTable

table: Final = RouteTable()


def stream_players(request: web.Request, query: ListPlayers) -> AsyncIterator[Player]:
    """Give every player that passes the filters."""
    return request.app[SERVICES].players.stream(query)


EXPORT: Final = CsvExport(
    name="players",
    schema=schemas.PlayerSchema(),
    columns=(
        "id",
        "email",
        "plays",
        "in_esp",
        "esp_state",
        "esp_error",
        "first_played_at",
        "last_played_at",
    ),
    stream=stream_players,
)


@table.get(
    "/players",
    allow=Permission.PLAYERS_READ,
    query=schemas.ListPlayersSchema(),
    answer=schemas.PlayerPageSchema(),
    csv=EXPORT,
)
async def list_players(request: web.Request, query: ListPlayers) -> Reply:
    """Show one page of the players; the dates are those of the last play."""
    page = await request.app[SERVICES].players.list_page(query)
    return Reply(page, headers=page_links(request.rel_url, page))


@table.post(
    "/players",
    allow=Permission.PLAYERS_WRITE,
    body=schemas.CreatePlayerSchema(),
    answer=schemas.PlayerSchema(),
    edits=True,
)
async def create_player(request: web.Request, command: CreatePlayer) -> Reply:
    """Add a player who has not played; his email goes to the provider."""
    players = request.app[SERVICES].players
    player = await players.create(request[ACTOR], command)
    location = {hdrs.LOCATION: f"/api/v1/players/{player.id}"}
    return Reply(player, headers=location | version_tag(player.version))


@table.get(
    "/players/{id}",
    allow=Permission.PLAYERS_READ,
    answer=schemas.PlayerSchema(),
    edits=True,
)
async def show_player(request: web.Request, nothing: NoInput) -> Reply:
    """Show one player."""
    player = await request.app[SERVICES].players.get(path_id(request))
    return Reply(player, headers=version_tag(player.version))


@table.patch(
    "/players/{id}",
    allow=Permission.PLAYERS_WRITE,
    body=schemas.EditPlayerSchema(),
    answer=schemas.PlayerSchema(),
    edits=True,
)
async def edit_player(request: web.Request, changes: Changes) -> Reply:
    """Change the fields that are given; another email goes to the provider."""
    player = await request.app[SERVICES].players.edit(
        request[ACTOR],
        path_id(request),
        changes,
        read_expected(request),
    )
    return Reply(player, headers=version_tag(player.version))


@table.delete("/players/{id}", allow=Permission.PLAYERS_WRITE, edits=True)
async def erase_player(request: web.Request, nothing: NoInput) -> Reply:
    """Erase a player: all that is his goes, only his plays stay in the totals."""
    await request.app[SERVICES].players.erase(
        request[ACTOR],
        path_id(request),
        read_expected(request),
    )
    return Reply()


@table.post(
    "/players/{id}/esp-sync",
    allow=Permission.PLAYERS_WRITE,
    answer=schemas.PlayerSchema(),
    status=HTTPStatus.ACCEPTED,
)
async def ask_provider_again(request: web.Request, nothing: NoInput) -> Reply:
    """Have the provider asked again now; until it answers, the state is pending."""
    players = request.app[SERVICES].players
    return Reply(await players.ask_again(request[ACTOR], path_id(request)))
