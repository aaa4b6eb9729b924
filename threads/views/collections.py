"""Collections of favourites: one's own, and the page that a shared one is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jam.access import Entry
from jam.domain.errors import Invalid, Refused
from jam.views.frame import jam_frame
from threads import taking_home
from threads.access import bare_post_of, collection_of, enter_by_link, enter_to_read, post_of
from threads.collected import show
from threads.domain import collections, favourites
from threads.forms import CollectionForm, ItemForm, ShareForm
from threads.models import Collection, Post
from threads.views.frame import answers_refusals, require_member

PAGE_DIGITS = 4


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals
def collection_list(request: HttpRequest, slug: str) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect("threads:collection", slug, collections.make(member=member, **form.cleaned_data).pk)
        except Refused as refused:
            form.refuse(refused)
    frame = jam_frame(entry)
    context = {"collections": collections.made_by(member), "form": form}
    return render(request, "threads/collections.html", frame | context, status=422 if form.errors else 200)


@require_safe
@login_required
@never_cache
@answers_refusals
def collection_detail(request: HttpRequest, slug: str, collection_id: int) -> HttpResponse:
    """One's own, to be arranged; with ?format=, as a file."""
    entry = enter_to_read(request.user, slug)
    require_member(entry)
    collection = collection_of(entry, collection_id)
    if "format" in request.GET:
        return _download(collection, request.GET["format"])
    context = _page_of(request, entry, collection) | {"link": _link(collection)}
    return render(request, "threads/collection.html", context)


@require_safe
@never_cache
def collection_shared(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A shared collection, for whoever has its link; with ?format=, as a file.

    Who is signed out and may not see it is asked to sign in.
    """
    try:
        entry, collection = enter_by_link(request.user, slug, key)
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect_to_login(request.get_full_path())
    if "format" in request.GET:
        response = _download(collection, request.GET["format"])
    else:
        response = render(request, "threads/collection_shared.html", _page_of(request, entry, collection))
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page_of(request: HttpRequest, entry: Entry, collection: Collection) -> dict[str, Any]:
    frame = jam_frame(entry)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= PAGE_DIGITS else 1
    page = collections.item_page(collection, number)
    rows = show((item.post, item.note) for item in page.items)
    return {
        **frame,
        "collection": collection,
        "page": page,
        "rows": rows,
        "formats": taking_home.FORMATS,
        "previous": f"?page={page.number - 1}" if page.number > 1 else "",
        "next": f"?page={page.number + 1}" if page.number < page.pages else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals
def collection_edit(request: HttpRequest, slug: str, collection_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    require_member(entry)
    collection = collection_of(entry, collection_id)
    if request.method == "POST":
        form = CollectionForm(request.POST)
    else:
        form = CollectionForm(initial={"title": collection.title, "note": collection.note})
    if form.is_valid():
        try:
            collections.rename(collection=collection, **form.cleaned_data)
            return redirect("threads:collection", slug, collection.pk)
        except Refused as refused:
            form.refuse(refused)
    context = jam_frame(entry) | {"collection": collection, "form": form}
    return render(request, "threads/collection_edit.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
@answers_refusals
def collection_delete(request: HttpRequest, slug: str, collection_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    require_member(entry)
    collections.delete(collection=collection_of(entry, collection_id))
    return redirect("threads:collections", slug)


@require_POST
@login_required
@answers_refusals
def collection_share(request: HttpRequest, slug: str, collection_id: int) -> HttpResponse:
    entry = enter_to_read(request.user, slug)
    require_member(entry)
    collection = collection_of(entry, collection_id)
    form = ShareForm(request.POST)
    if not form.is_valid():
        raise Invalid(gettext("Share is 1 or 0."), code="share", field="share")
    if form.cleaned_data["share"] == "1":
        collections.share(collection=collection)
    else:
        collections.unshare(collection=collection)
    return redirect(reverse("threads:collection", args=[slug, collection.pk]) + "#share")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals
def post_collect(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Which of one's collections a post is in; a form makes a new one with it. What is collected is kept."""
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    post = post_of(entry, post_id)
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            collection = collections.make(member=member, **form.cleaned_data)
            _put(collection, post)
            return redirect("threads:collect", slug, post.pk)
        except Refused as refused:
            form.refuse(refused)
    context = {
        "post": show([(post, "")])[0],
        "collections": collections.made_by(member),
        "holding": collections.holding(member=member, post=post),
        "form": form,
    }
    return render(request, "threads/collect.html", jam_frame(entry) | context, status=422 if form.errors else 200)


@require_POST
@login_required
@answers_refusals
def collection_item(request: HttpRequest, slug: str, collection_id: int, post_id: int) -> HttpResponse:
    """Puts a post in, takes it out, moves it or says something of it. From the post's own page it goes back there."""
    entry = enter_to_read(request.user, slug)
    require_member(entry)
    collection, post = collection_of(entry, collection_id), bare_post_of(entry, post_id)
    form = ItemForm(request.POST)
    if not form.is_valid():
        raise Invalid(gettext("That cannot be done with a post."), code="action", field="action")
    action = form.cleaned_data["action"]
    if action == "add":
        _put(collection, post)
    elif action == "drop":
        collections.drop(collection=collection, post=post)
    elif action == "note":
        collections.annotate(collection=collection, post=post, note=form.cleaned_data["note"])
    else:
        collections.move(collection=collection, post=post, up=action == "up")
    if "collect" in request.POST:
        return redirect("threads:collect", slug, post.pk)
    number = collections.page_of(collection=collection, post=post)
    return redirect(reverse("threads:collection", args=[slug, collection.pk]) + f"?page={number}#post-{post.pk}")


def _put(collection: Collection, post: Post) -> None:
    collections.add(collection=collection, post=post)
    favourites.keep(member=collection.member, post=post)


def _download(collection: Collection, name: str) -> HttpResponse:
    shown = show((item.post, item.note) for item in collections.items_of(collection))
    credit = gettext("A collection by %(name)s") % {"name": collection.member.name}
    return taking_home.download(
        taking_home.Sheaf(collection.jam, collection.title, collection.note, credit, shown), name
    )


def _link(collection: Collection) -> str:
    if collection.share_key is None:
        return ""
    return settings.SITE_URL + reverse("threads:shared", args=[collection.jam.slug, collection.share_key])
