"""The demo that `manage.py up` makes."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from jam.domain.phases import Phase, database_now, phase_of
from jam.models import Jam, Member, Role
from results.demo import SignIn, ensure_demo
from threads.models import Post


@pytest.fixture
def sign_ins(db: None, settings: object, tmp_path: Path) -> list[SignIn]:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    return ensure_demo()


def test_there_is_a_jam_open_now_and_one_to_come(sign_ins: list[SignIn]) -> None:
    now = database_now()
    assert {jam.slug: phase_of(jam, now) for jam in Jam.objects.all()} == {
        "demo": Phase.OPEN,
        "demo-next": Phase.SCHEDULED,
    }
    assert Post.objects.filter(created_at__gt=now).count() == 0


def test_each_role_can_sign_in(sign_ins: list[SignIn], client: Client) -> None:
    roles = {}
    for sign_in in sign_ins:
        answer = client.post("/accounts/login/", {"login": sign_in.email, "password": sign_in.password})
        assert answer.status_code == 302
        roles[sign_in.role] = Member.objects.get(person__email=sign_in.email, jam__slug="demo").role
        client.logout()
    assert roles == {"participant": Role.PARTICIPANT, "facilitator": Role.FACILITATOR, "admin": Role.ADMIN}


def test_a_second_start_finds_everything_as_it_was(sign_ins: list[SignIn]) -> None:
    before = (Jam.objects.count(), Post.objects.count(), Member.objects.count())
    assert ensure_demo() == sign_ins
    assert (Jam.objects.count(), Post.objects.count(), Member.objects.count()) == before


def test_a_demo_that_has_closed_is_followed_by_a_new_one(sign_ins: list[SignIn]) -> None:
    Jam.objects.filter(slug="demo").update(closes_at=database_now() - timedelta(seconds=1))
    assert ensure_demo() == sign_ins
    assert sorted(Jam.objects.values_list("slug", flat=True)) == ["demo", "demo-2", "demo-next"]
