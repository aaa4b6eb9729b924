"""Who may write, asked where it counts: in the transaction that writes."""

from datetime import datetime

from django.utils.translation import gettext

from jam.access import WRITING_ROLES, is_suspended
from jam.domain.errors import NotAllowed
from jam.domain.phases import OpenWindow, require_open
from jam.models import Member


def let_in(member: Member) -> OpenWindow:
    """That `member` may write now, till the commit. Raises OutsideWindow and NotAllowed; locks as `require_open`."""
    window = require_open(member.jam_id)
    require_not_suspended(member, window.now)
    if member.role not in WRITING_ROLES:
        raise NotAllowed(gettext("Your role in this jam reads and does not write."), code="role")
    return window


def require_not_suspended(member: Member, now: datetime) -> None:
    """Raises NotAllowed for a member who is suspended at `now`, as they were fetched."""
    if is_suspended(member, now):
        raise NotAllowed(gettext("You are suspended from this jam."), code="suspended")
