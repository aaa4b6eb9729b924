"""Collections of favourites: the verbs, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.html import escape

from accounts.models import Person
from jam.domain.errors import Conflict, Invalid
from jam.models import Door, Jam, Member
from tests.cast import Cast, close_by_clock, set_window
from tests.threads.collecting import link_of, make, order
from tests.threads.test_views import at, body_of, browser, queries_of
from tests.threads.test_views_writing import send, text_of
from threads.domain import collections
from threads.models import COLLECTION_TITLE_MAX, NOTE_MAX, Collection, CollectionItem, Favourite, Post

HARM = '<script>alert("x")</script>'

# --- the verbs ---


def test_a_post_is_put_in_at_the_end_and_once(cast: Cast) -> None:
    first, second = cast.idea(), cast.idea()
    collection = make(cast, first, second, first)
    assert order(collection) == [first.pk, second.pk]


def test_a_post_of_another_jam_is_not_taken(cast: Cast) -> None:
    theirs = cast.idea(by=cast.ned, forum=cast.elsewhere)
    collection = make(cast)
    with pytest.raises(Invalid):
        collections.add(collection=collection, post=theirs)
    assert order(collection) == []


def test_posts_change_places_and_stop_at_the_ends(cast: Cast) -> None:
    one, two, three = cast.idea(), cast.idea(), cast.idea()
    collection = make(cast, one, two, three)
    for post, up, expected in (
        (three, True, [one, three, two]),
        (three, True, [three, one, two]),
        (three, True, [three, one, two]),
        (one, False, [three, two, one]),
        (one, False, [three, two, one]),
    ):
        collections.move(collection=collection, post=post, up=up)
        assert order(collection) == [each.pk for each in expected]


def test_a_place_that_was_left_is_no_obstacle(cast: Cast) -> None:
    one, two, three = cast.idea(), cast.idea(), cast.idea()
    collection = make(cast, one, two, three)
    collections.drop(collection=collection, post=two)
    collections.drop(collection=collection, post=two)
    collections.move(collection=collection, post=three, up=True)
    collections.add(collection=collection, post=two)
    assert order(collection) == [three.pk, one.pk, two.pk]


def test_what_is_not_in_it_is_not_moved_and_not_noted(cast: Cast) -> None:
    idea = cast.idea()
    collection = make(cast)
    with pytest.raises(Conflict):
        collections.move(collection=collection, post=idea, up=True)
    with pytest.raises(Conflict):
        collections.annotate(collection=collection, post=idea, note="Look")
    collections.delete(collection=collection)
    with pytest.raises(Conflict):
        collections.add(collection=collection, post=idea)


@pytest.mark.parametrize("title", ["", " \t", "\u200b", "x" * (COLLECTION_TITLE_MAX + 1), "a\x00b"])
def test_a_title_that_does_not_fit(cast: Cast, title: str) -> None:
    with pytest.raises(Invalid) as refused:
        collections.make(member=cast.ben, title=title)
    assert refused.value.field == "title"


@pytest.mark.parametrize("note", ["x" * (NOTE_MAX + 1), "a\x00b"])
def test_a_note_that_does_not_fit(cast: Cast, note: str) -> None:
    idea = cast.idea()
    collection = make(cast, idea)
    for verb in (
        lambda: collections.make(member=cast.ben, title="T", note=note),
        lambda: collections.rename(collection=collection, title="T", note=note),
        lambda: collections.annotate(collection=collection, post=idea, note=note),
    ):
        with pytest.raises(Invalid) as refused:
            verb()
        assert refused.value.field == "note"


def test_a_title_is_taken_by_another_of_ones_own_only(cast: Cast) -> None:
    make(cast, title="Light")
    make(cast, by=cast.ana, title="Light")
    other = make(cast, title="Dark")
    with pytest.raises(Invalid):
        make(cast, title="Light")
    with pytest.raises(Invalid):
        collections.rename(collection=other, title="Light")
    collections.rename(collection=other, title="Dark", note="As before")
    other.refresh_from_db()
    assert (other.title, other.note) == ("Dark", "As before")


def test_there_is_an_end_to_how_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "COLLECTIONS_MAX", 2)
    monkeypatch.setattr(collections, "ITEMS_MAX", 2)
    one, two, three = cast.idea(), cast.idea(), cast.idea()
    collection = make(cast, one, two)
    with pytest.raises(Invalid):
        collections.add(collection=collection, post=three)
    collections.add(collection=collection, post=two)
    make(cast, title="Second")
    with pytest.raises(Invalid):
        make(cast, title="Third")


def test_a_link_stays_until_it_is_taken_back_and_the_next_is_new(cast: Cast) -> None:
    collection = make(cast)
    first = link_of(collection)
    assert link_of(collection) == first
    collections.unshare(collection=collection)
    assert link_of(collection) != first
    assert len(collection.share_key or "") == 32


# --- the pages of one's own ---

# What each answers to a visitor, to somebody with an account, to its maker, to another member.
PAGES: list[tuple[str, Callable[[Collection, Post], list[int]], tuple[int, int, int, int]]] = [
    ("mine", lambda collection, post: [], (302, 403, 200, 200)),
    ("collections", lambda collection, post: [], (302, 403, 200, 200)),
    ("collect", lambda collection, post: [post.pk], (302, 403, 200, 200)),
    ("collection", lambda collection, post: [collection.pk], (302, 403, 200, 404)),
    ("collection_edit", lambda collection, post: [collection.pk], (302, 403, 200, 404)),
]
FORMS: list[tuple[str, Callable[[Collection, Post], list[int]], dict[str, str]]] = [
    ("collection_edit", lambda collection, post: [collection.pk], {"title": "Stolen"}),
    ("collection_delete", lambda collection, post: [collection.pk], {}),
    ("collection_share", lambda collection, post: [collection.pk], {"share": "1"}),
    ("collection_item", lambda collection, post: [collection.pk, post.pk], {"action": "drop"}),
    ("collection_item", lambda collection, post: [collection.pk, post.pk], {"action": "note", "note": "Stolen"}),
]


@pytest.mark.parametrize(("name", "args", "statuses"), PAGES, ids=[page[0] for page in PAGES])
def test_who_gets_which_page(
    cast: Cast, name: str, args: Callable[[Collection, Post], list[int]], statuses: tuple[int, ...]
) -> None:
    idea = cast.idea()
    url = at(cast.jam, name, *args(make(cast, idea), idea))
    people: tuple[Member | Person | None, ...] = (None, cast.zoe, cast.ben, cast.fay)
    assert tuple(browser(who).get(url).status_code for who in people) == statuses
    Jam.objects.filter(pk=cast.jam.pk).update(door=Door.INVITATION)
    assert browser(cast.zoe).get(url).status_code == 404
    assert browser(cast.ned).get(url).status_code == 404


@pytest.mark.parametrize(("name", "args", "data"), FORMS, ids=[" ".join([form[0], *form[2]]) for form in FORMS])
def test_nobody_changes_what_is_somebody_elses(
    cast: Cast, name: str, args: Callable[[Collection, Post], list[int]], data: dict[str, str]
) -> None:
    idea = cast.idea()
    collection = make(cast, idea)
    url = at(cast.jam, name, *args(collection, idea))
    for who, status in ((None, 302), (cast.zoe, 403), (cast.ana, 404), (cast.ada, 404)):
        assert send(browser(who), url, **data).status_code == status
    assert browser(cast.ben).get(url).status_code == (200 if name == "collection_edit" else 405)
    item = CollectionItem.objects.select_related("collection").get()
    assert (item.note, item.collection.title, item.collection.share_key) == ("", "For the mayor", None)


def test_numbers_of_another_jam_and_of_nothing_are_not_there(cast: Cast) -> None:
    theirs = cast.idea(by=cast.ned, forum=cast.elsewhere)
    mine, foreign = make(cast), make(cast, theirs, by=cast.ned)
    client = browser(cast.ben)
    for number in (foreign.pk, 10**18, 10**30):
        assert client.get(at(cast.jam, "collection", number)).status_code == 404
    for number in (theirs.pk, 10**18, 10**30):
        assert client.get(at(cast.jam, "collect", number)).status_code == 404
        assert send(client, at(cast.jam, "collection_item", mine.pk, number), action="add").status_code == 404
    assert order(mine) == []


def test_from_what_is_kept_to_a_link_with_forms_alone(cast: Cast) -> None:
    idea = cast.idea()
    client = browser(cast.ben)
    send(client, at(cast.jam, "favourite", idea.pk), keep="1")
    collect = at(cast.jam, "collect", idea.pk)
    assert collect in body_of(client, at(cast.jam, "favourites"))
    assert send(client, collect, title="For the mayor", note="Soon").status_code == 302
    collection = Collection.objects.get()
    assert (collection.member, order(collection)) == (cast.ben, [idea.pk])

    item = at(cast.jam, "collection_item", collection.pk, idea.pk)
    page = at(cast.jam, "collection", collection.pk)
    assert send(client, item, action="note", note="This first")["Location"] == f"{page}?page=1#post-{idea.pk}"
    assert send(client, at(cast.jam, "collection_share", collection.pk), share="1")["Location"] == f"{page}#share"
    collection.refresh_from_db()
    shown = body_of(client, page)
    assert f"{settings.SITE_URL}{at(cast.jam, 'shared', collection.share_key)}" in shown
    assert "This first" in shown
    assert send(client, item, action="drop", collect="1")["Location"] == collect
    assert send(client, at(cast.jam, "collection_delete", collection.pk)).status_code == 302
    assert not Collection.objects.exists()
    assert Favourite.objects.filter(post=idea, member=cast.ben).exists(), "what was collected is still kept"


def test_what_is_collected_is_kept(cast: Cast) -> None:
    idea, collection = cast.idea(), make(cast)
    send(browser(cast.ben), at(cast.jam, "collection_item", collection.pk, idea.pk), action="add", collect="1")
    assert Favourite.objects.get().post == idea


def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(cast: Cast) -> None:
    client, collection = browser(cast.ben), make(cast)
    for url in (
        at(cast.jam, "collections"),
        at(cast.jam, "collect", cast.idea().pk),
        at(cast.jam, "collection_edit", make(cast, title="Other").pk),
    ):
        taken = send(client, url, title=collection.title, note="Typed at length")
        assert (taken.status_code, "You have a collection with this title." in text_of(taken)) == (422, True)
        assert "Typed at length" in text_of(taken)
        assert send(client, url, title="", note="Typed").status_code == 422
    assert Collection.objects.filter(title=collection.title).count() == 1


@pytest.mark.parametrize("action", ["", "steal", "up\x00"])
def test_an_action_that_there_is_not(cast: Cast, action: str) -> None:
    idea = cast.idea()
    collection = make(cast, idea)
    url = at(cast.jam, "collection_item", collection.pk, idea.pk)
    assert send(browser(cast.ben), url, action=action).status_code == 422
    assert send(browser(cast.ben), at(cast.jam, "collection_share", collection.pk), share=action).status_code == 422


def test_what_people_write_is_text(cast: Cast) -> None:
    idea = cast.idea(subject=HARM)
    collection = collections.make(member=cast.ben, title=HARM, note=HARM)
    collections.add(collection=collection, post=idea)
    collections.annotate(collection=collection, post=idea, note=HARM)
    for url in (
        at(cast.jam, "collections"),
        at(cast.jam, "collect", idea.pk),
        at(cast.jam, "collection", collection.pk),
        at(cast.jam, "collection_edit", collection.pk),
        link_of(collection),
    ):
        page = body_of(browser(cast.ben), url)
        assert HARM not in page
        assert escape(HARM) in page


def test_a_collection_goes_on_after_the_close_and_rests_when_reading_ends(cast: Cast) -> None:
    idea = cast.idea()
    collection = make(cast)
    close_by_clock(cast.jam)
    url = at(cast.jam, "collection_item", collection.pk, idea.pk)
    assert send(browser(cast.ben), url, action="add").status_code == 302
    assert order(collection) == [idea.pk]
    set_window(cast.jam, opens_in=-timedelta(hours=3), closes_in=-timedelta(hours=2), reading_in=-timedelta(hours=1))
    assert browser(cast.ben).get(at(cast.jam, "collection", collection.pk)).status_code == 404
    assert send(browser(cast.ben), url, action="drop").status_code == 404
    assert order(collection) == [idea.pk]


def test_a_long_collection_has_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "ITEMS_A_PAGE", 2)
    posts = [cast.idea(subject=f"Idea {number}") for number in range(5)]
    collection = make(cast, *posts)
    client, page = browser(cast.ben), at(cast.jam, "collection", collection.pk)

    def shown(number: str) -> list[int]:
        return [int(pk) for pk in re.findall(r'<li id="post-(\d+)"', body_of(client, f"{page}?page={number}"))]

    pks = [post.pk for post in posts]
    assert [shown("1"), shown("3"), shown("99"), shown("x")] == [pks[:2], pks[4:], pks[4:], pks[:2]]
    moved = send(client, at(cast.jam, "collection_item", collection.pk, pks[2]), action="up")
    assert moved["Location"] == f"{page}?page=1#post-{pks[2]}"


def test_a_page_costs_the_same_with_one_post_and_with_three(cast: Cast) -> None:
    idea = cast.idea()
    collection = make(cast, cast.reply(idea))
    client = browser(cast.ben)
    urls = [
        at(cast.jam, "collections"),
        at(cast.jam, "collect", idea.pk),
        at(cast.jam, "collection", collection.pk),
        at(cast.jam, "collection", collection.pk) + "?format=html",
        link_of(collection),
        at(cast.jam, "mine"),
        at(cast.jam, "mine") + "?format=csv",
    ]
    before = [queries_of(client, url) for url in urls]
    for _ in range(2):
        other = cast.idea(forum=cast.streets)
        collections.add(collection=collection, post=cast.reply(other))
        make(cast, other, title=f"More {other.pk}")
    assert [queries_of(client, url) for url in urls] == before
