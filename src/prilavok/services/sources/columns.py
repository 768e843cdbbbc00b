"""From commands to columns of a source."""

from prilavok.domain.source_items import Credential
from prilavok.domain.sources import Changes, CreateSource


def created_columns(command: CreateSource) -> Changes:
    """Say what a new source has, as far as it is given."""
    given = {
        "name": command.name,
        "url": command.url,
        "timeout_s": command.timeout_s,
        "position": command.position,
        "enabled": command.enabled,
        "credential": command.credential,
    }
    return changed_columns(
        {name: wanted for name, wanted in given.items() if wanted is not None},
    )


def changed_columns(changes: Changes) -> Changes:
    """Say what changes; a credential is two columns, both null without one."""
    columns = dict(changes)
    if "credential" not in columns:
        return columns
    credential: Credential | None = columns.pop("credential")
    return columns | {
        "credential_header": credential and credential.header,
        "credential_secret": credential and credential.secret,
    }
