"""Who may do what in Valkey: everybody is refused but the users named here."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final

# What stores, locks, streams and Lua under one's own keys take. HELLO, AUTH and
# CLIENT SETINFO, with which clients introduce themselves, are among @connection.
COMMANDS: Final = (
    "-@all +@connection +@read +@write +@transaction "
    "+publish +subscribe +unsubscribe +psubscribe +punsubscribe "
    "+eval +evalsha +script|load +script|exists "
    # Whatever looks at, or works on, keys that no pattern names.
    "-@dangerous -@admin -function -scan -randomkey -dbsize"
)
RULES: Final = MappingProxyType(
    {
        "service": f"~prilavok:* &prilavok:* {COMMANDS}",
        # Sessions are not its business. taskiq-redis locks under `autoclaim:`.
        "worker": (
            "~prilavok:jobs:* ~prilavok:limits:* ~prilavok:cache:* ~autoclaim:* "
            f"&prilavok:jobs:* {COMMANDS}"
        ),
        # For doctor, metrics and tests: sees no key. The rules apply in their order.
        "monitor": (
            "-@all +@connection -@dangerous -@admin +info +acl|log +acl|whoami"
        ),
    },
)


def acl_file(passwords: Mapping[str, str]) -> str:
    """Write Valkey's ``aclfile``; it holds hashes, so nobody signs in with it."""
    return "\n".join(("user default reset off", *_lines(passwords), ""))


def _lines(passwords: Mapping[str, str]) -> Iterator[str]:
    for user, rules in RULES.items():
        digest = sha256(passwords[user].encode()).hexdigest()
        yield f"user {user} reset on #{digest} {rules}"
