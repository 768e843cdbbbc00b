"""Look visitors up one by one again whose countries are packed.

By ranges it was a hundredth faster, but only with a plan that depends on statistics.
"""

from typing import Any, Final

from alembic import context
from alembic.script import ScriptDirectory

revision: Final = "0013_packing_one_by_one"
down_revision: Final = "0012_packing_by_range"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Take the revision before this one back."""
    _revision_before().downgrade()


def downgrade() -> None:
    """Do it again."""
    _revision_before().upgrade()


def _revision_before() -> Any:
    script = ScriptDirectory.from_config(context.config)
    return script.get_revision(down_revision).module
