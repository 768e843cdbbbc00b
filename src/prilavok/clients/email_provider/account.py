"""The settings of an account at a provider, checked before anything is asked."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final, final

from yarl import URL

from prilavok.settings import SettingsError

SCHEMES: Final = frozenset(("http", "https"))


@final
@dataclass(frozen=True, slots=True)
class EspAccount:
    """The ``ESP_`` settings as they stand; each adapter asks for those it needs.

    What is missing or malformed is a ``SettingsError`` that names the setting.
    """

    url: str | None
    user: str | None
    token: str | None = field(repr=False)
    contact_list: str | None

    def base_url(self, version: str, default: str | None = None) -> str:
        """Return the address of an API, which may be given with its version or not.

        ``version`` starts with a slash; the address ends with it.
        """
        url = _parsed(_required(self.url or default, "ESP_URL"))
        given = str(url).rstrip("/").removesuffix(version)
        return f"{given}{version}"

    def needed_token(self) -> str:
        """Return the token, which can stand in a header."""
        token = _required(self.token, "ESP_TOKEN")
        if token.isascii() and token.isprintable():
            return token
        raise SettingsError("ESP_TOKEN: only visible ASCII characters can be sent.")

    def basic_auth(self) -> str:
        """Return user and token as the header ``Authorization`` (RFC 7617)."""
        user = _required(self.user, "ESP_USER")
        if ":" in user:
            raise SettingsError("ESP_USER: must not hold a colon.")
        token = _required(self.token, "ESP_TOKEN")
        pair = b64encode(f"{user}:{token}".encode())
        return f"Basic {pair.decode()}"

    def list_name(self) -> str:
        """Return the list as it is called."""
        return _required(self.contact_list, "ESP_LIST")

    def list_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the lists, separated by commas; none if not set."""
        found = (self.contact_list or "").replace(",", " ").split()
        if all(number.isascii() and number.isdecimal() for number in found):
            return tuple(map(int, found))
        raise SettingsError("ESP_LIST: numbers, separated by commas, are wanted here.")


def _required(text: str | None, name: str) -> str:
    if text:
        return text
    raise SettingsError(f"{name}: not set, and this ESP_PROVIDER needs it.")


def _parsed(text: str) -> URL:
    try:
        url = URL(text)
    except ValueError as error:
        raise SettingsError(f"ESP_URL: {error}.") from error
    if url.scheme not in SCHEMES or not url.host:
        raise SettingsError("ESP_URL: an http or https address is wanted.")
    if url.user or url.password or url.query or url.fragment:
        raise SettingsError("ESP_URL: without user, query and fragment, please.")
    return url
