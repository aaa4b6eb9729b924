"""The ideas of a whole jam, filtered and in an order, and the cloud of tags."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from tests.cast import Cast, make_forum
from tests.threads.finding import page, write
from tests.threads.test_views import at, body_of, browser, queries_of

pytestmark = pytest.mark.django_db


def test_a_tag_filters_a_forum_and_the_whole_jam_and_goes_along(cast: Cast) -> None:
    for number in range(27):
        write(cast, f"Light {number:02}", tags=("clean water",), forum=cast.streets)
    write(cast, "Elsewhere", tags=("clean water",))
    write(cast, "Untagged")
    client = browser(cast.ben)
    forum = page(client, at(cast.jam, "forum", cast.streets.pk), tag="#Clean  Water", sort="new")
    assert "Light 26" in forum
    assert "Elsewhere" not in forum
    assert "?sort=top&amp;tag=clean+water" in forum
    assert "sort=new&amp;tag=clean+water&amp;after=" in forum
    whole = page(client, at(cast.jam, "ideas"), tag="clean water", sort="new")
    assert "Elsewhere" in whole
    assert "Untagged" not in whole
    assert "Untagged" in page(client, at(cast.jam, "ideas"), sort="new")
    assert "No idea has this tag" in page(client, at(cast.jam, "ideas"), tag="nothing")


def test_a_list_of_one_forum_is_that_forums(cast: Cast) -> None:
    answer = browser(cast.ben).get(f"{at(cast.jam, 'ideas')}?forum={cast.harbour.pk}&tag=light&sort=top")
    assert answer["Location"] == f"{at(cast.jam, 'forum', cast.harbour.pk)}?tag=light&sort=top"
    assert browser(cast.ben).get(f"{at(cast.jam, 'ideas')}?forum={cast.other.pk}9999").status_code == 404


@pytest.mark.parametrize("tag", ["\x00", "x" * 41])
def test_what_is_no_tag_is_refused(cast: Cast, tag: str) -> None:
    assert browser(cast.ben).get(at(cast.jam, "ideas"), {"tag": tag}).status_code == 422


def test_what_somebody_called_a_tag_is_text_and_an_address(cast: Cast) -> None:
    tag = 'a "b" <i>&/?'
    idea = write(cast, "A lamp", tags=(tag,))
    client = browser(cast.ben)
    address = f'ideas/?tag={quote(tag, safe="")}"'
    for url in (at(cast.jam, "tags"), at(cast.jam, "home"), at(cast.jam, "detail", idea.thread_id)):
        text = body_of(client, url)
        assert "<i>" not in text
        assert "&lt;i&gt;&amp;/?" in text
        assert address in text
    assert "A lamp" in page(client, at(cast.jam, "ideas"), tag=tag)


def test_the_cloud_of_a_forum_and_of_the_jam(cast: Cast) -> None:
    write(cast, "A lamp", tags=("light",))
    write(cast, "A ferry", tags=("sea",), forum=cast.streets)
    client = browser(cast.ben)
    assert "tag=light" in page(client, at(cast.jam, "tags"))
    assert "tag=sea" in page(client, at(cast.jam, "tags"))
    assert "tag=sea" not in page(client, at(cast.jam, "tags"), forum=str(cast.harbour.pk))
    assert client.get(f"{at(cast.jam, 'tags')}?forum=99999999").status_code == 404
    empty = make_forum(cast.jam, "Empty", 9)
    assert "No tags yet" in page(client, at(cast.jam, "tags"), forum=str(empty.pk))


@pytest.mark.parametrize("name", ["ideas", "tags", "orders"])
def test_as_many_queries_with_one_idea_as_with_many(cast: Cast, name: str) -> None:
    write(cast, "First", tags=("light",))
    client, url = browser(cast.ben), at(cast.jam, name)
    one = queries_of(client, url)
    for number in range(8):
        write(cast, f"Idea {number}", tags=("light", f"tag {number}"), by=cast.fay)
    assert queries_of(client, url) == one


def test_a_visitor_is_asked_to_sign_in(cast: Cast) -> None:
    for name in ("ideas", "tags", "orders"):
        assert Client().get(at(cast.jam, name)).status_code == 302
