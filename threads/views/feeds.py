"""Feeds of a jam, a forum, a thread and a search, and the page that gives their addresses.

A feed reader cannot sign in, so the address holds a key of the member's own (`jam.domain.feed_keys`). It opens what
that member may read at that moment, by the same door as the pages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jam.access import Entry
from jam.domain import feed_keys
from jam.domain.errors import Invalid
from jam.domain.rendering import excerpt, with_links
from jam.models import Member
from jam.views.frame import home_of, jam_frame
from live.domain.queries import seq_of
from threads.access import enter_to_read, forum_of, thread_of
from threads.domain import search
from threads.models import Post, PostStatus, Thread
from threads.search_form import SearchForm
from threads.views.atom import Atom
from threads.views.frame import answers_refusals, require_member, thread_url

P = ParamSpec("P")

FEED_LENGTH = 50
TITLE_LENGTH = 80


@dataclass(frozen=True)
class Feed:
    """What a feed is of: its title, the page it stands for and its posts, which are not read before they are wanted."""

    title: str
    page: str
    posts: Callable[[], Iterable[Post]]


def answers_feed_readers(view: Callable[Concatenate[Entry, QueryDict, P], Feed]) -> Callable[..., HttpResponse]:
    """Lets in who holds the key, and answers with the feed, or that nothing changed since it was last asked for.

    The view is given the jam as that member finds it, and what stands behind the question mark.
    """

    @functools.wraps(view)
    def wrapper(
        request: HttpRequest, slug: str, member_id: int, key: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        person = feed_keys.holder_of(slug=slug, member_id=member_id, key=key)
        if person is None:
            raise Http404(gettext("There is no such feed."))
        entry = enter_to_read(person, slug)
        # Whatever a feed shows changes with an event. Asked before the posts, so that it is never ahead of them.
        etag = quote_etag(f"{seq_of(entry.jam.pk)}-{entry.jam.version}")
        feed = view(entry, request.GET, *args, **kwargs)
        answer = get_conditional_response(request, etag=etag)
        if answer is None:
            answer = HttpResponse(_written(entry, feed), content_type=Atom.content_type)
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        answer["Referrer-Policy"] = "no-referrer"  # the address is a secret
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return require_safe(wrapper)


@answers_feed_readers
def jam_feed(entry: Entry, asked: QueryDict) -> Feed:
    return Feed(title=entry.jam.title, page=home_of(entry.jam), posts=_newest(entry))


@answers_feed_readers
def forum_feed(entry: Entry, asked: QueryDict, forum_id: int) -> Feed:
    forum = forum_of(entry, forum_id)
    return Feed(
        title=f"{forum.title} · {entry.jam.title}",
        page=reverse("threads:forum", args=[entry.jam.slug, forum.pk]),
        posts=_newest(entry, thread__forum=forum),
    )


@answers_feed_readers
def thread_feed(entry: Entry, asked: QueryDict, thread_id: int) -> Feed:
    thread = thread_of(entry, thread_id)
    return Feed(
        title=f"{_title_of(thread)} · {entry.jam.title}",
        page=thread_url(entry, thread.pk),
        posts=_newest(entry, thread=thread),
    )


@answers_feed_readers
def search_feed(entry: Entry, asked: QueryDict) -> Feed:
    """What a search finds, as its page would with the same address, but the newest first."""
    form = SearchForm(asked, forums=entry.jam.forums.all())
    if not form.is_valid() or not form.asks():
        raise Http404(gettext("There is no such feed."))
    wanted = form.wanted()

    def found() -> Iterable[Post]:
        try:
            numbers = search.newest([entry.jam], wanted, limit=FEED_LENGTH)
        except Invalid as refused:
            raise Http404(gettext("There is no such feed.")) from refused
        return _newest(entry, pk__in=numbers)()

    page = reverse("threads:search", args=[entry.jam.slug]) + "?" + asked.urlencode()
    return Feed(title=f"{form.words()} · {entry.jam.title}", page=page, posts=found)


def _newest(entry: Entry, **where: Any) -> Callable[[], Iterable[Post]]:
    """Posts that everybody in the jam may read, the newest first. Also for staff hidden ones are left out."""
    posts = Post.objects.filter(jam=entry.jam, status=PostStatus.VISIBLE, **where).select_related("author")
    return lambda: posts.order_by("-created_at", "-pk")[:FEED_LENGTH]


def _title_of(thread: Thread) -> str:
    """What its idea says in a line, which a hidden one no longer does. One query."""
    idea = Post.objects.only("subject", "html").filter(thread=thread, parent=None, status=PostStatus.VISIBLE).first()
    return (idea.subject or excerpt(idea.html, TITLE_LENGTH)) if idea else "A hidden idea"


def _written(entry: Entry, feed: Feed) -> str:
    jam = entry.jam
    atom = Atom(
        title=feed.title,
        page=settings.SITE_URL + feed.page,
        base=settings.SITE_URL + "/",
        language=jam.language,
        made_at=jam.created_at,
    )
    for post in feed.posts():
        atom.add_post(
            title=post.subject or excerpt(post.html, TITLE_LENGTH),
            page=settings.SITE_URL + reverse("threads:post", args=[jam.slug, post.pk]),
            author=post.author.name,
            at=post.created_at,
            html=with_links(post.html, settings.SITE_URL),
            tags=post.tags,
        )
    return atom.writeString("utf-8")


# --- the page ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals
def feed_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The addresses of a member's feeds. `?thread=NUMBER` adds that thread's, a search its own."""
    entry = enter_to_read(request.user, slug)
    member = require_member(entry)
    thread = _asked_thread(request, entry)
    if request.method == "POST":
        return _change_key(request, member)
    frame = jam_frame(entry)
    key = feed_keys.key_of(member)
    owner = [slug, member.pk, key]
    feeds = _feed_of_search(request, entry, owner) + _feeds(entry, thread, owner) if key else []
    return render(request, "threads/feeds.html", {**frame, "feeds": feeds})


def _asked_thread(request: HttpRequest, entry: Entry) -> Thread | None:
    number = request.GET.get("thread", "")
    return thread_of(entry, int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None


def _feed_of_search(request: HttpRequest, entry: Entry, owner: list[Any]) -> list[dict[str, str]]:
    """The feed of the search that the page was asked with, if it was with one. One query for a forum that it names."""
    form = SearchForm(request.GET, forums=entry.jam.forums.all())
    if not form.is_valid() or not form.asks():
        return []
    address = settings.SITE_URL + reverse("threads:search_feed", args=owner) + "?" + form.address()
    return [{"title": form.words(), "kind": gettext("This search"), "address": address}]


def _change_key(request: HttpRequest, member: Member) -> HttpResponse:
    action = request.POST.get("action")
    if action == "renew":
        feed_keys.renew(member=member)
        messages.success(request, gettext("Your addresses are made. Any you had before no longer work."))
    elif action == "withdraw":
        feed_keys.withdraw(member=member)
        messages.success(request, gettext("Your addresses no longer work."))
    else:
        raise Invalid(gettext("Choose what to do with your addresses."), code="action", field="action")
    return redirect(request.get_full_path())


def _feeds(entry: Entry, thread: Thread | None, owner: list[Any]) -> list[dict[str, str]]:
    """What there is to follow, and under which address. One query, and one for a thread."""

    def feed(name: str, title: str, kind: str, *place: int) -> dict[str, str]:
        address = settings.SITE_URL + reverse(f"threads:{name}", args=[*owner, *place])
        return {"title": title, "kind": kind, "address": address}

    feeds = [feed("thread_feed", _title_of(thread), gettext("This thread"), thread.pk)] if thread else []
    feeds.append(feed("jam_feed", entry.jam.title, gettext("The whole jam")))
    return feeds + [feed("forum_feed", forum.title, gettext("Forum"), forum.pk) for forum in entry.jam.forums.all()]
