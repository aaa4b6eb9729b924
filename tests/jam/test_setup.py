"""Making a jam and changing it while it runs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jam.domain import setup
from jam.domain.errors import Conflict, Invalid, OutsideWindow
from jam.domain.opening import ForumPlan, PromptPlan
from jam.domain.phases import Phase, database_now, phase_of, require_open
from jam.domain.plans import Forums, Look, People, Plan, Schedule, TakingPart, Words
from jam.models import Door, Duty, Jam, Member, OpeningPrompt, Role
from live.models import Event
from moderation.models import Action
from tests.cast import Cast, close_by_clock, set_window

OPENS, CLOSES = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=4)
WORDS = Words(slug="lamps", title="Lamps", question="Where is it **dark**?")
SCHEDULE = Schedule("Europe/Berlin", opens_at=OPENS, closes_at=CLOSES)
FORUMS = Forums((ForumPlan("Piers"), ForumPlan("Lanes", "Which lane?")))
PEOPLE = People(Door.ACCOUNT)


def made(cast: Cast, *plans: Plan) -> Jam:
    return setup.create_jam(person=cast.fay.person, plans=plans or (WORDS, SCHEDULE, FORUMS, PEOPLE))


def change(jam: Jam, plan: Plan, *, version: int | None = None, by: Member | None = None) -> Jam:
    now = Jam.objects.get(pk=jam.pk).version
    return setup.change_jam(jam=jam, plan=plan, version=now if version is None else version, by=by)


def kinds() -> list[str]:
    return list(Event.objects.order_by("jam_key", "seq").values_list("kind", flat=True))


def test_a_title_makes_a_draft_with_its_maker_as_admin(cast: Cast) -> None:
    jam = made(cast, Words(slug="lamps", title="Lamps"))
    assert phase_of(jam, database_now()) is Phase.DRAFT
    assert [(m.person, m.role) for m in jam.members.all()] == [(cast.fay.person, Role.ADMIN)]
    assert (jam.forums.count(), jam.opens_at) == (0, None)


def test_every_step_reads_back_as_it_was_put(cast: Cast) -> None:
    prompt = PromptPlan("Start here", "What about **the pier**?")
    plans = (
        WORDS,
        replace(SCHEDULE, before_opening=(15,), before_close=(180, 60)),
        Forums((ForumPlan("Piers", prompt=prompt),)),
        People(Door.INVITATION, ["port.example"]),
        Look("#7a3cff"),
        TakingPart("upvote", 30),
    )
    jam = Jam.objects.get(pk=made(cast, *plans).pk)
    assert jam.question_html == '<p dir="auto">Where is it <strong>dark</strong>?</p>'
    ids = [forum.pk for forum in jam.forums.all()]
    assert [type(plan).of(jam) for plan in plans] == [
        *plans[:2],
        Forums((ForumPlan("Piers", "", ids[0], prompt),)),
        *plans[3:],
    ]
    assert jam.version == 1


def test_publishing_twice_is_once(cast: Cast) -> None:
    jam = made(cast)
    first = setup.publish(jam=jam, by=None)
    assert setup.publish(jam=jam, by=None).published_at == first.published_at
    assert phase_of(first, database_now()) is Phase.SCHEDULED
    assert kinds() == ["jam.changed"]


@pytest.mark.parametrize(
    ("plans", "field"),
    [
        ((WORDS, FORUMS), "opens_at"),
        ((WORDS, replace(SCHEDULE, closes_at=None), FORUMS), "closes_at"),
        ((WORDS, SCHEDULE), "forums"),
    ],
)
def test_a_jam_that_lacks_something_is_not_published(cast: Cast, plans: tuple[Plan, ...], field: str) -> None:
    jam = made(cast, *plans)
    with pytest.raises(Invalid) as refused:
        setup.publish(jam=jam, by=None)
    assert refused.value.field == field
    jam.refresh_from_db()
    assert jam.published_at is None


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (replace(WORDS, title=""), "title"),
        (replace(WORDS, title="x" * 201), "title"),
        (replace(WORDS, question="x" * 5_001), "question"),
        (replace(WORDS, slug="tides"), "slug"),
        (replace(SCHEDULE, closes_at=OPENS), "closes_at"),
        (replace(SCHEDULE, closes_at=OPENS - timedelta(minutes=1)), "closes_at"),
        (replace(SCHEDULE, opens_at=OPENS.replace(tzinfo=None)), "opens_at"),
        (replace(SCHEDULE, opens_at=OPENS - timedelta(days=9), closes_at=OPENS - timedelta(days=8)), "closes_at"),
        (replace(SCHEDULE, reading_until=CLOSES - timedelta(hours=1)), "reading_until"),
        (Schedule("UTC", reading_until=CLOSES), "reading_until"),
        (replace(SCHEDULE, review_until=CLOSES + timedelta(hours=1)), "review_until"),
        (replace(SCHEDULE, before_opening=(1, 2, 3, 4, 5, 6)), "before_opening"),
        (replace(SCHEDULE, before_close=(0,)), "before_close"),
        (TakingPart("shouting"), "voting"),
        (TakingPart(edit_minutes=-1), "edit_minutes"),
        (People(""), "door"),
        (Forums([ForumPlan("One"), ForumPlan(" ")]), "forums-1-title"),
        (Forums([ForumPlan("x" * 201)]), "forums-0-title"),
        (Forums([ForumPlan("One")] * 51), "forums"),
        (Forums([ForumPlan("One", prompt=PromptPlan("", "Words"))]), "forums-0-prompt_subject"),
        (Forums([ForumPlan("One", prompt=PromptPlan("Start", " "))]), "forums-0-prompt_body"),
    ],
)
def test_what_cannot_be_taken_is_named(cast: Cast, plan: Plan, field: str) -> None:
    words = [] if isinstance(plan, Words) else [WORDS]
    with pytest.raises(Invalid) as refused:
        made(cast, *words, plan)
    assert refused.value.field == field
    assert Jam.objects.count() == 2


def test_a_change_while_it_runs_reaches_every_tab_and_the_log(cast: Cast) -> None:
    changed = change(cast.jam, replace(Words.of(cast.jam), title="Tides and lamps"), by=cast.fay)
    assert (changed.title, changed.version) == ("Tides and lamps", cast.jam.version + 1)
    assert kinds() == ["jam.changed"]
    action = Action.objects.get()
    assert (action.kind, action.by) == ("jam", cast.fay)
    assert (action.before, action.after) == ({"title": "The tides jam"}, {"title": "Tides and lamps"})


def test_a_plan_that_changes_nothing_does_nothing(cast: Cast) -> None:
    for kind in (Words, Forums, Schedule, People, Look, TakingPart):
        assert change(cast.jam, kind.of(cast.jam)).version == cast.jam.version
    assert (kinds(), Action.objects.count()) == ([], 0)


def test_a_stale_form_is_refused_and_changes_nothing(cast: Cast) -> None:
    change(cast.jam, replace(Words.of(cast.jam), title="First"), version=1)
    with pytest.raises(Conflict) as refused:
        change(cast.jam, replace(Words.of(cast.jam), title="Second"), version=1)
    assert refused.value.code == "stale"
    cast.jam.refresh_from_db()
    assert cast.jam.title == "First"


def test_a_forum_with_threads_or_a_facilitator_of_its_own_stays(cast: Cast) -> None:
    cast.idea(forum=cast.harbour)
    Duty.objects.create(member=cast.fay, forum=cast.streets)
    forums = Forums.of(cast.jam).forums
    for kept in (forums[1:], forums[:1]):
        with pytest.raises(Invalid) as refused:
            change(cast.jam, Forums(kept))
        assert refused.value.code == "in_use"
    Duty.objects.all().delete()
    change(cast.jam, Forums(forums[:1]))
    assert [f.title for f in cast.jam.forums.all()] == ["Harbour"]


def test_what_others_built_on_is_fixed(cast: Cast) -> None:
    cast.idea()
    window = Schedule.of(cast.jam)
    for plan, field in (
        (TakingPart("upvote", cast.jam.edit_minutes), "voting"),
        (replace(Words.of(cast.jam), slug="elsewhere"), "slug"),
        (replace(window, opens_at=OPENS, closes_at=CLOSES), "opens_at"),
    ):
        with pytest.raises(Invalid) as refused:
            change(cast.jam, plan)
        assert (refused.value.field, refused.value.code) == (field, "fixed")


def test_a_published_jam_keeps_a_window(cast: Cast) -> None:
    for name in ("opens_at", "closes_at"):
        with pytest.raises(Invalid) as refused:
            change(cast.jam, replace(Schedule.of(cast.jam), **{name: None}))
        assert (refused.value.field, refused.value.code) == (name, "required")


def test_a_forum_of_another_jam_cannot_be_taken(cast: Cast) -> None:
    with pytest.raises(Invalid):
        change(cast.jam, Forums([ForumPlan("Mine now", "", cast.elsewhere.pk)]))
    cast.elsewhere.refresh_from_db()
    assert (cast.elsewhere.title, cast.elsewhere.jam) == ("Elsewhere", cast.other)


def test_a_prompt_that_was_posted_stays_as_it_was_posted(cast: Cast) -> None:
    harbour, streets = Forums.of(cast.jam).forums
    change(cast.jam, Forums([replace(harbour, prompt=PromptPlan("Start", "Here")), streets]), by=cast.fay)
    OpeningPrompt.objects.update(posted_at=timezone.now())
    change(cast.jam, Forums([replace(harbour, title="Port", prompt=PromptPlan("Other", "Words")), streets]))
    prompt = OpeningPrompt.objects.get()
    assert (prompt.subject, prompt.by, prompt.forum.title) == ("Start", cast.fay, "Port")


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
