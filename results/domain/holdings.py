"""What the results floor holds of a person: see `accounts.domain.personal`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.domain.personal import Leaving, declare
from results.models import Digest

declare(
    "digests",
    model=Digest,
    title=_("What came of a jam, for you"),
    purpose=_("To show you, and to mail you once, what came of a jam that you were in."),
    kept=_("As long as the jam."),
    seen_by=_("You."),
    on_leaving=Leaving.REMOVE,
    fields={"jam": "closing__jam__slug", "closed": "closing__closed_at", "content": "content", "mailed": "mailed_at"},
)
