"""Who may write, asked where it counts: in the transaction that writes."""

from django.utils.translation import gettext

from jam.access import WRITING_ROLES
from jam.domain.errors import NotAllowed
from jam.domain.phases import OpenWindow, require_open
from jam.domain.rules import require_accepted
from jam.models import Member


def let_in(member: Member, *, takes_back: bool = False) -> OpenWindow:
    """That `member` may write now, till the commit. Raises OutsideWindow and NotAllowed; locks as `require_open`.

    NotAllowed has the code "rules" if the jam has rules that they did not accept, which who only takes back what they
    wrote need not.
    """
    window = require_open(member.jam_id, member_id=member.pk)
    if member.role not in WRITING_ROLES:
        raise NotAllowed(gettext("Your role in this jam reads and does not write."), code="role")
    if not takes_back:
        require_accepted(window.jam, member)
    return window
