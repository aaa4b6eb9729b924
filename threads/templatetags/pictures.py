"""The dialog in which a picture is chosen: `{% load pictures %}{% picture_dialog %}`."""

from __future__ import annotations

from typing import Any

from django import template

from threads.forms import PictureForm

register = template.Library()


@register.inclusion_tag("threads/picture_dialog.html", takes_context=True)
def picture_dialog(context: template.Context) -> dict[str, Any]:
    """Closed until static/js/pictures.js opens it. One a page, whatever number of texts are written there."""
    picture = PictureForm(auto_id="dialog_%s")
    return {"picture": picture, "csrf_token": context.get("csrf_token"), "jam": context["jam"]}
