"""Who may write, asked where it counts: in the transaction that writes."""

from django.utils.translation import gettext

from jam.access import WRITING_ROLES
from jam.domain.errors import NotAllowed
from jam.domain.phases import OpenWindow, require_open
from jam.models import Member


def let_in(member: Member) -> OpenWindow:
    """That `member` may write now, till the commit. Raises OutsideWindow and NotAllowed; locks as `require_open`."""
    window = require_open(member.jam_id)
    if member.role not in WRITING_ROLES:
        raise NotAllowed(gettext("Your role in this jam reads and does not write."), code="role")
    return window
