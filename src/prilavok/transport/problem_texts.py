"""What each problem code means and what to do about it."""

from types import MappingProxyType
from typing import Final

PROBLEM_TEXTS: Final = MappingProxyType[str, str](
    {
        "unauthenticated": "Nobody is signed in, or the session or token has ended. "
        "Sign in with POST /api/v1/auth/login or /api/v1/auth/token.",
        "invalid-credentials": "Login or password is wrong, or the account is "
        "disabled; which of them is not told.",
        "too-many-attempts": "Too many wrong passwords. Wait for as many seconds as "
        "the header Retry-After says.",
        "too-many-requests": "You ask more often than you may. Wait for as many "
        "seconds as the header Retry-After says.",
        "too-many-downloads": "As many downloads of yours as may run at once already "
        "do. Wait for one to end, or for as many seconds as Retry-After says.",
        "forbidden": "Your role lacks the permission that this needs. An administrator "
        "can change your role.",
        "cross-site": "A page of another site caused this request. Send it from our "
        "own pages, or with a bearer token.",
        "bad-request": "What arrived is no HTTP request that this service reads: its "
        "framing, a header or the address breaks the rules of HTTP/1.1.",
        "not-found": "Nothing is at this address: the path is unknown, or what it "
        "names does not exist (any more).",
        "method-not-allowed": "The address is right, the method is not. The header "
        "Allow lists those that are.",
        "not-acceptable": "The answer cannot be given in the form you accept.",
        "request-timeout": "The body did not arrive in time. Send it again.",
        "content-too-large": "The body is larger than this address takes.",
        "unsupported-media-type": "The body's Content-Type is not the one that this "
        "address reads; JSON is application/json in UTF-8.",
        "expectation-failed": "The header Expect asks for something unknown.",
        "invalid-request": "The request does not have the form it must have. Each "
        "member of errors points at a place: a JSON pointer into the body, or "
        "/query/NAME.",
        "stale": "Somebody changed this since you read it. The member current is the "
        "version that stands now: read it again and repeat your change.",
        "conflict": "The request contradicts what is already stored.",
        "login-taken": "Another account has this login; case does not matter.",
        "email-taken": "Another account has this mail; case does not matter.",
        "role-taken": "Another role has this name; case does not matter.",
        "role-in-use": "Users still have this role. Give them another one first.",
        "built-in-role": "The service relies on this role: Admin stays as it is, and "
        "User keeps its name.",
        "last-administrator": "Nobody could administer the service any more. Make "
        "another active user an administrator first.",
        "player-taken": "Another player has this mail, however it is written.",
        "too-many-plays": "This address or this mail has played as often as it may in "
        "a minute. Wait for as many seconds as the header Retry-After says.",
        "source-taken": "Another source has this name; case does not matter.",
        "too-many-sources": "There are as many sources as can be asked at once. "
        "Delete one first.",
        "sources-incomplete": "A strict request wants all sources, and some failed. "
        "Ask with detail=true to see which and why, or without strict for the rest.",
        "bad-gateway": "Somebody else's server failed.",
        "too-many-imports": "As many imports of yours as may wait or run already do. "
        "Cancel one, or come back after the seconds that Retry-After says.",
        "file-store-full": "The disk on which logs wait has no room for this one. Tell "
        "the operator.",
        "import-running": "The import has not ended yet. Cancel it first, or wait.",
        "import-cancelled": "Somebody cancelled the import while it ran.",
        "idempotency-key-reused": "This Idempotency-Key came with another body or file "
        "in the last 24 hours. Use a new key for what is new.",
        "unknown-import": "No import has this id: it was deleted, or never was.",
        "unreadable-log": "The file is not there, may not be read, or is a damaged "
        "archive.",
        "unavailable": "Something that the service depends on does not answer, or it "
        "is too busy. Try again after the seconds that Retry-After says.",
        "internal-error": "The service failed in a way nobody foresaw. Tell the "
        "operator the request_id.",
        "http-error": "The request was refused; title and detail say why.",
        "later": "Not now; try again after the seconds that Retry-After says.",
    },
)
