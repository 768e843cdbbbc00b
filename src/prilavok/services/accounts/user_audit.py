"""What the log says of changes of accounts; no line holds what a field became."""

from collections.abc import Iterable
from uuid import UUID

from prilavok.domain.access import Actor
from prilavok.domain.users import Changes, User, UserBatchDone
from prilavok.services.accounts.audit import record, shown
from prilavok.services.accounts.user_changes import ADDRESSED, SECRET


def record_creation(actor: Actor, user: User) -> None:
    """Log a new account."""
    record("user created", actor, user_id=str(user.id), role=shown(user.role))


def record_removal(actor: Actor, user_id: UUID) -> None:
    """Log that an account is gone."""
    record("user deleted", actor, user_id=str(user_id))


def record_edit(actor: Actor, user: User, changes: Changes) -> None:
    """Log which fields were sent, and what decides over rights from now on."""
    fields = sorted(set(changes) - SECRET - set(ADDRESSED))
    record(
        "user changed",
        actor,
        user_id=str(user.id),
        fields=fields,
        role=shown(user.role),
        is_active=user.is_active,
        has_new_password=not SECRET.isdisjoint(changes),
    )


def record_batch(
    actor: Actor,
    done: UserBatchDone,
    updates: Iterable[Changes],
) -> None:
    """Log every change of a batch that is done."""
    for made in done.created:
        record_creation(actor, made)
    for user, changes in zip(done.updated, updates):
        record_edit(actor, user, changes)
    for user_id in done.deleted:
        record_removal(actor, user_id)
