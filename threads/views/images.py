"""Pictures: taking one in for a post that is being written, and showing it to who may see it."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from jam.domain.errors import Invalid, Refused
from jam.domain.rendering import picture_markdown
from jam.models import Member
from jam.views.pictures import picture_answer
from threads.access import enter_to_see, enter_to_write
from threads.domain import images
from threads.forms import PictureForm, ReplyForm
from threads.models import Image
from threads.views.frame import answers_refusals, refusal_text, require_member

# What a form adds around the file it carries.
ENVELOPE = 64 * 1024

F = TypeVar("F", bound=ReplyForm)


# Exempt only until the size is known: the check reads the whole body to find its token. `_add` has the check.
@csrf_exempt
@require_POST
@login_required
@answers_refusals
def image_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Answers JSON: the Markdown that shows the picture, and its address and size."""
    member = require_member(enter_to_write(request.user, slug))
    announced = request.META.get("CONTENT_LENGTH") or ""
    if announced.isdecimal() and int(announced) > PictureForm.bytes_max() + ENVELOPE:
        raise images.too_large()
    return _add(request, member)


@csrf_protect
def _add(request: HttpRequest, member: Member) -> HttpResponse:
    form = PictureForm(request.POST, request.FILES)
    image = _taken(form, member)
    answer = {
        "key": image.key,
        "markdown": picture_markdown(image.key, image.alt),
        "url": images.address(member.jam, image.key),
        "alt": image.alt,
        "width": image.width,
        "height": image.height,
    }
    return JsonResponse(answer, status=201)


def _taken(form: PictureForm, member: Member) -> Image:
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Invalid(str(errors[0]), code="required", field=field)
    data = form.cleaned_data
    return images.add(member=member, file=data["file"], alt=data["alt"], decoration=data["decoration"])


def with_picture(request: HttpRequest, form: F, member: Member) -> F:
    """The form once its button “Add the picture” was pressed, without JavaScript: with all that was typed, and the
    Markdown of the picture at the end of the text; or with what is wrong beside the picture's own fields."""
    typed = form.typed()
    sent = PictureForm(request.POST, request.FILES)
    try:
        image = _taken(sent, member)
    except Refused as refused:
        sent.refuse(refused, refusal_text(refused))
    else:
        typed["body"] = f"{typed['body'].rstrip()}\n\n{picture_markdown(image.key, image.alt)}\n".lstrip()
        sent = PictureForm(added=True)
    again = type(form)(initial=typed)
    again.picture = sent
    return again


@require_safe
def image_show(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    image = enter_to_see(request.user, slug, key)
    return picture_answer(request, image.key, image.file)
