"""The mail that comes after a jam, as one that can be had or not. It is made and sent by `digests`."""

from django.utils.translation import gettext_lazy as _

from notifications.domain.kinds import declare
from notifications.models import Mail

DIGEST = "digest"

declare(
    DIGEST,
    label=_("A jam that you were in has closed: what came of it"),
    sentence=lambda news: news.title,
    page=None,
    push=None,
    mail=Mail.ONCE,
    mails=(Mail.NEVER, Mail.ONCE),
    position=100,
)
