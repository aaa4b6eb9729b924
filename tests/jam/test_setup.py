"""Making a jam and changing it while it runs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jam.domain import setup
from jam.domain.errors import Conflict, Invalid, OutsideWindow
from jam.domain.phases import Phase, database_now, phase_of, require_open
from jam.models import Jam, Role
from live.models import Event
from tests.cast import Cast, close_by_clock, set_window

PLAN = setup.JamPlan(
    slug="lamps",
    title="Lamps",
    question="Where is it **dark**?",
    time_zone="Europe/Berlin",
    opens_at=timezone.now() + timedelta(days=1),
    closes_at=timezone.now() + timedelta(days=4),
    voting="agree-disagree",
    door="account",
    forums=[setup.ForumPlan("Piers"), setup.ForumPlan("Lanes", "Which lane?")],
)


def plan_of(jam: Jam) -> setup.JamPlan:
    """The jam as it is, as a plan to change."""
    assert jam.opens_at is not None
    assert jam.closes_at is not None
    return replace(
        PLAN,
        slug=jam.slug,
        title=jam.title,
        question=jam.question,
        opens_at=jam.opens_at,
        closes_at=jam.closes_at,
        forums=[setup.ForumPlan(f.title, f.question, f.pk) for f in jam.forums.all()],
    )


def kinds() -> list[str]:
    return list(Event.objects.order_by("jam_key", "seq").values_list("kind", flat=True))


def test_a_new_jam_is_a_draft_with_its_maker_as_admin(cast: Cast) -> None:
    jam = setup.create_jam(person=cast.fay.person, plan=PLAN)
    assert phase_of(jam, database_now()) is Phase.DRAFT
    assert jam.question_html == '<p dir="auto">Where is it <strong>dark</strong>?</p>'
    assert [(f.title, f.position) for f in jam.forums.all()] == [("Piers", 1), ("Lanes", 2)]
    assert [(m.person, m.role) for m in jam.members.all()] == [(cast.fay.person, Role.ADMIN)]


def test_publishing_twice_is_once(cast: Cast) -> None:
    jam = setup.create_jam(person=cast.fay.person, plan=PLAN)
    first = setup.publish(jam=jam)
    assert setup.publish(jam=jam).published_at == first.published_at
    assert phase_of(first, database_now()) is Phase.SCHEDULED
    assert kinds() == ["jam.changed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"question": "x" * 5_001}, "question"),
        ({"closes_at": PLAN.opens_at}, "closes_at"),
        ({"closes_at": PLAN.opens_at - timedelta(minutes=1)}, "closes_at"),
        ({"opens_at": PLAN.opens_at.replace(tzinfo=None)}, "opens_at"),
        ({"opens_at": PLAN.opens_at - timedelta(days=9), "closes_at": PLAN.opens_at - timedelta(days=8)}, "closes_at"),
        ({"reading_until": PLAN.closes_at - timedelta(hours=1)}, "reading_until"),
        ({"review_until": PLAN.closes_at + timedelta(hours=1)}, "review_until"),
        ({"voting": "shouting"}, "voting"),
        ({"door": ""}, "door"),
        ({"forums": []}, "forums"),
        ({"forums": [setup.ForumPlan("One"), setup.ForumPlan(" ")]}, "forums-1-title"),
        ({"forums": [setup.ForumPlan("x" * 201)]}, "forums-0-title"),
        ({"slug": "tides"}, "slug"),
    ],
)
def test_what_cannot_be_taken_is_named(cast: Cast, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        setup.create_jam(person=cast.fay.person, plan=replace(PLAN, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert Jam.objects.count() == 2


def test_a_change_while_it_runs_reaches_every_tab(cast: Cast) -> None:
    plan = replace(plan_of(cast.jam), title="Tides and lamps")
    changed = setup.change_jam(jam=cast.jam, plan=plan, version=cast.jam.version)
    assert (changed.title, changed.version) == ("Tides and lamps", cast.jam.version + 1)
    assert kinds() == ["jam.changed"]


def test_a_stale_form_is_refused_and_changes_nothing(cast: Cast) -> None:
    plan = plan_of(cast.jam)
    setup.change_jam(jam=cast.jam, plan=replace(plan, title="First"), version=1)
    with pytest.raises(Conflict) as refused:
        setup.change_jam(jam=cast.jam, plan=replace(plan, title="Second"), version=1)
    assert refused.value.code == "stale"
    cast.jam.refresh_from_db()
    assert cast.jam.title == "First"


def test_a_forum_with_threads_stays(cast: Cast) -> None:
    cast.idea(forum=cast.harbour)
    plan = plan_of(cast.jam)
    with pytest.raises(Invalid) as refused:
        setup.change_jam(jam=cast.jam, plan=replace(plan, forums=plan.forums[1:]), version=1)
    assert refused.value.code == "in_use"
    setup.change_jam(jam=cast.jam, plan=replace(plan, forums=plan.forums[:1]), version=1)
    assert [f.title for f in cast.jam.forums.all()] == ["Harbour"]


@pytest.mark.parametrize(("field", "value"), [("voting", "upvote"), ("slug", "elsewhere"), ("opens_at", PLAN.opens_at)])
def test_what_others_built_on_is_fixed(cast: Cast, field: str, value: object) -> None:
    cast.idea()
    plan = replace(plan_of(cast.jam), closes_at=PLAN.closes_at, **{field: value})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        setup.change_jam(jam=cast.jam, plan=plan, version=1)
    assert (refused.value.field, refused.value.code) == (field, "fixed")


def test_a_forum_of_another_jam_cannot_be_taken(cast: Cast) -> None:
    plan = replace(plan_of(cast.jam), forums=[setup.ForumPlan("Mine now", "", cast.elsewhere.pk)])
    with pytest.raises(Invalid):
        setup.change_jam(jam=cast.jam, plan=plan, version=1)
    cast.elsewhere.refresh_from_db()
    assert (cast.elsewhere.title, cast.elsewhere.jam) == ("Elsewhere", cast.other)


def test_an_hour_more_is_one_hour_though_pressed_twice(cast: Cast) -> None:
    close = cast.jam.closes_at
    assert close is not None
    moved = setup.extend(jam=cast.jam, expected_close=close)
    with pytest.raises(Conflict):
        setup.extend(jam=cast.jam, expected_close=close)
    assert moved.closes_at == close + timedelta(hours=1)
    assert kinds() == ["window.changed"]
    assert Event.objects.get().data["closes_at"] == moved.closes_at.isoformat()


def test_closing_now_ends_the_window_at_this_moment(cast: Cast) -> None:
    close = cast.jam.closes_at
    assert close is not None
    before = database_now()
    closed = setup.close_now(jam=cast.jam, expected_close=close)
    assert closed.closes_at is not None
    assert before < closed.closes_at < database_now()
    assert phase_of(closed, database_now()) is Phase.READING
    assert kinds() == ["window.changed"]


def test_reading_never_ends_before_a_close_that_was_moved(cast: Cast) -> None:
    set_window(
        cast.jam, opens_in=-timedelta(hours=1), closes_in=timedelta(hours=1), reading_in=timedelta(hours=1, minutes=30)
    )
    assert cast.jam.closes_at is not None
    moved = setup.extend(jam=cast.jam, expected_close=cast.jam.closes_at)
    assert moved.reading_until == moved.closes_at


def test_a_closed_jam_is_not_extended(cast: Cast) -> None:
    close_by_clock(cast.jam)
    assert cast.jam.closes_at is not None
    with pytest.raises(Conflict) as refused:
        setup.extend(jam=cast.jam, expected_close=cast.jam.closes_at)
    assert refused.value.code == "not_open"


@pytest.mark.django_db(transaction=True)
def test_an_hour_more_pressed_by_two_at_once_is_one_hour(cast: Cast) -> None:
    close = cast.jam.closes_at
    assert close is not None

    def press(_: int) -> bool:
        try:
            setup.extend(jam=cast.jam, expected_close=close)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]
    cast.jam.refresh_from_db()
    assert cast.jam.closes_at == close + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_a_close_waits_for_who_was_let_in_and_keeps_later_ones_out(cast: Cast) -> None:
    close = cast.jam.closes_at
    assert close is not None
    order: list[str] = []

    def press() -> None:
        try:
            setup.close_now(jam=cast.jam, expected_close=close)
            order.append("closed")
        finally:
            connection.close()

    def waiting() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            (count,) = cursor.fetchone()
        return int(count)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            require_open(cast.jam.pk)
            pressed = pool.submit(press)
            while not waiting():
                assert not pressed.done()
            order.append("written")
        pressed.result()
    assert order == ["written", "closed"]
    with transaction.atomic(), pytest.raises(OutsideWindow):
        require_open(cast.jam.pk)
