"""Mails in one form, so that nobody is two players by writing his mail in two ways."""

from dataclasses import dataclass
from typing import Final, Self, final
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email

EMAIL_MAX_LENGTH: Final = 254


@final
@dataclass(frozen=True, slots=True)
class EmailAddress:
    """A mail: ``normalised`` is who it is, ``given`` how its owner wrote it."""

    normalised: str
    given: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one address; raises ``ValueError`` with a sentence unless it is one.

        Normalised: without space around it, Unicode NFC, the domain as IDNA 2008's
        ASCII form in lower case, the local part in lower case. RFC 5321 lets hosts
        tell cases apart in local parts; none that people use does.
        """
        given = text.strip(" \t")
        if len(given) > EMAIL_MAX_LENGTH:
            raise ValueError(f"Longer than {EMAIL_MAX_LENGTH} characters.")
        try:
            read = validate_email(
                given,
                check_deliverability=False,
                strict=True,
                test_environment=True,
            )
        except (EmailNotValidError, UnicodeError) as error:
            raise ValueError("Not an email address.") from error
        local_part = normalize("NFC", read.local_part.lower())
        domain = read.ascii_domain.lower()
        normalised = f"{local_part}@{domain}"
        if len(normalised) > EMAIL_MAX_LENGTH:
            raise ValueError(f"Longer than {EMAIL_MAX_LENGTH} characters.")
        return cls(normalised, given)
