"""Lists of invitations: a verdict on every row, and nothing sent before somebody says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jam.domain import invitation_mail, invitations, inviting
from jam.domain.errors import Conflict, Invalid, NotAllowed
from jam.domain.inviting import ListPlan
from jam.domain.rows_said import words_for
from jam.models import Invitation, InvitationList, InvitationRow, Member, Verdict
from tests.cast import Cast


def invite(cast: Cast, text: str, *, by: Member | None = None, **plan: Any) -> InvitationList:
    content = text.encode()
    return inviting.make_list(jam=cast.jam, by=by or cast.ada, plan=ListPlan(content=content, name="", **plan))


def verdicts(made: InvitationList) -> list[str]:
    return [row.verdict for row in made.rows.all()]


def test_every_row_gets_a_verdict(cast: Cast) -> None:
    invite(cast, "before@x.org")
    made = invite(
        cast,
        "email,name,role\n"
        "new@x.org,New,\n"
        "plus+jam@x.org,Plus,guest\n"
        "Before@X.org,,\n"
        "ana@example.org,Ana,\n"
        "NEW@x.org,Again,\n"
        "nobody,,\n"
        "a@x.org,A,,,more\n"
        ",,\n"
        "b@x.org,B,king\n"
        "c@x.org,C,facilitator\n",
    )

    assert verdicts(made) == [
        "new", "odd", "invited", "member", "duplicate", "not-an-address", "columns", "empty", "role", "new",
    ]  # fmt: skip
    assert sum(made.counts.values()) == made.row_count == 10
    assert "row 2" in words_for(made.rows.get(verdict=Verdict.DUPLICATE))
    assert all(words_for(row) for row in InvitationRow.objects.all())
    assert set(Invitation.objects.values_list("email", "role")) == {
        ("before@x.org", "participant"),
        ("new@x.org", "participant"),
        ("plus+jam@x.org", "guest"),
        ("c@x.org", "facilitator"),
    }
    assert mail.outbox == []


def test_only_an_admin_invites_facilitators_and_nobody_an_admin(cast: Cast) -> None:
    made = invite(cast, "email,role\na@x.org,facilitator\nb@x.org,admin\nc@x.org,observer", by=cast.fay)

    assert verdicts(made) == ["role", "role", "new"]
    with pytest.raises(NotAllowed):
        invite(cast, "a@x.org", by=cast.fay, role="facilitator")
    with pytest.raises(NotAllowed):
        invite(cast, "a@x.org", by=cast.ada, role="admin")


@pytest.mark.parametrize("text", ["", " \r\n;;\n", "\ufeff"])
def test_nothing_is_no_list(cast: Cast, text: str) -> None:
    with pytest.raises(Invalid):
        invite(cast, text)


def test_a_list_that_was_cut_off_goes_on_where_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(inviting, "ROWS_AT_ONCE", 10)
    made = invite(cast, "".join(f"a{number}@x.org\n" for number in range(35)))
    take, calls = inviting._take, []

    def dies(*args: object) -> bool:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return take(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(inviting, "_take", dies)
    with pytest.raises(KeyboardInterrupt):
        inviting.read(made.pk)
    made.refresh_from_db()
    assert (made.row_count, made.read_at) == (20, None)
    assert inviting.to_read() == [made.pk]
    with pytest.raises(Conflict):
        inviting.send(invitations=made, by=cast.ada)

    inviting.read(made.pk)
    inviting.read(made.pk)

    made.refresh_from_db()
    assert (made.row_count, bytes(made.content), made.counts) == (35, b"", {"new": 35})
    assert Invitation.objects.count() == InvitationRow.objects.count() == 35
    assert inviting.to_read() == []


def test_the_number_of_queries_does_not_depend_on_the_rows(
    cast: Cast, django_assert_max_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        invite(cast, "".join(f"a{number}@x.org\n" for number in range(900)))


def test_a_revoked_invitation_can_be_made_anew_with_another_link(cast: Cast) -> None:
    invite(cast, "a@x.org")
    first = Invitation.objects.get()
    invitations.revoke(invitation=first, by=cast.ada)

    made = invite(cast, "a@x.org")

    again = Invitation.objects.get()
    assert verdicts(made) == ["new"]
    assert (again.revoked_at, again.list_id) == (None, made.pk)
    assert again.key != first.key


def test_sending_mails_each_once_and_only_then(cast: Cast) -> None:
    made = invite(cast, "a@x.org\nb@x.org\nc@x.org", words="Do come.")
    assert invitation_mail.send_some() == 0

    assert inviting.send(invitations=made, by=cast.ada) == 3
    assert inviting.send(invitations=InvitationList.objects.get(), by=cast.ada) == 0
    while invitation_mail.send_some():
        pass

    assert sorted(message.to[0] for message in mail.outbox) == ["a@x.org", "b@x.org", "c@x.org"]
    assert all("Do come." in message.body for message in mail.outbox)
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3
    assert Invitation.objects.filter(sent_at=None).count() == 0


def test_a_mail_whose_worker_died_is_sent_again_as_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    inviting.send(invitations=invite(cast, "a@x.org"), by=cast.ada)
    monkeypatch.setattr(invitation_mail, "_mark", lambda sent: None)
    invitation_mail.send_some()
    monkeypatch.undo()
    assert invitation_mail.send_some() == 0  # its claim still holds

    Invitation.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    assert invitation_mail.send_some() == 1

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body


def test_in_the_folder_of_mails_the_second_takes_the_place_of_the_first(
    cast: Cast, settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.EmlFileBackend"  # type: ignore[attr-defined]
    settings.MAIL_DIR = tmp_path  # type: ignore[attr-defined]
    inviting.send(invitations=invite(cast, "a@x.org\nb@x.org"), by=cast.ada)
    monkeypatch.setattr(invitation_mail, "_mark", lambda sent: None)
    invitation_mail.send_some()
    monkeypatch.undo()
    Invitation.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    invitation_mail.send_some()

    assert len(list(tmp_path.glob("*.eml"))) == 2  # type: ignore[attr-defined]


def test_a_mail_that_is_not_taken_is_tried_again_and_holds_up_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    inviting.send(invitations=invite(cast, "a@x.org\nb@x.org"), by=cast.ada)

    def refuses(self: object, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["a@x.org"]:
            raise OSError("mailbox full")
        mail.outbox.extend(messages)
        return len(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuses)
    invitation_mail.send_some()

    waiting = Invitation.objects.get(sent_at=None)
    assert (waiting.email, waiting.claimed_at) == ("a@x.org", None)
    assert waiting.mail_due_at is not None
    assert waiting.mail_due_at > timezone.now()


def test_pausing_holds_the_mails_and_resuming_lets_them_go(cast: Cast) -> None:
    inviting.send(invitations=invite(cast, "a@x.org"), by=cast.ada)
    invitations.pause(jam=cast.jam)
    assert invitation_mail.send_some() == 0

    invitations.resume(jam=cast.jam)

    assert invitation_mail.send_some() == 1


def test_who_did_not_answer_is_mailed_again_a_day_later_and_nobody_else(cast: Cast) -> None:
    inviting.send(invitations=invite(cast, "a@x.org\nb@x.org\nc@x.org\nd@x.org"), by=cast.ada)
    invitation_mail.send_some()
    assert invitations.remind(jam=cast.jam, by=cast.ada) == 0

    long_ago = timezone.now() - timedelta(days=2)
    Invitation.objects.exclude(email="d@x.org").update(sent_at=long_ago)
    Invitation.objects.filter(email="b@x.org").update(joined_at=long_ago)
    Invitation.objects.filter(email="c@x.org").update(revoked_at=long_ago)
    assert invitations.remind(jam=cast.jam, by=cast.ada) == 1
    invitation_mail.send_some()

    assert [message.to for message in mail.outbox[4:]] == [["a@x.org"]]
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox if message.to == ["a@x.org"]]
    assert len(set(ids)) == 2
    assert invitations.remind(jam=cast.jam, by=cast.ada) == 0


def test_what_was_revoked_before_it_went_out_does_not(cast: Cast) -> None:
    inviting.send(invitations=invite(cast, "a@x.org\nb@x.org"), by=cast.ada)
    invitations.revoke_all(jam=cast.jam, by=cast.ada)

    invitation_mail.send_some()

    assert mail.outbox == []
    assert invitations.counts(cast.jam)["revoked"] == 2


def test_the_pages_show_the_report_and_send_nothing_by_themselves(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada.person)
    upload = SimpleUploadedFile("people.csv", "email,name\na@x.org,=1+1\nbroken\n+b@x.org,\n".encode("utf-16"))

    taken = client.post("/jams/tides/invitations/", {"file": upload, "role": "participant", "words": ""}, follow=True)

    assert taken.redirect_chain[0][1] == 302
    assert "It has no @." in taken.text
    assert "people.csv" in taken.text
    assert "Send 2 invitations" in taken.text
    made = InvitationList.objects.get()
    report = client.get(f"/jams/tides/invitations/{made.pk}/report.csv")
    text = b"".join(report.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[0] == "\ufeffrow,address,verdict,words"
    assert "'+b@x.org" in text
    assert "broken" not in client.get(f"/jams/tides/invitations/{made.pk}/?verdict=new").text
    invitation_mail.send_some()
    assert mail.outbox == []

    client.post(f"/jams/tides/invitations/{made.pk}/send/")
    invitation_mail.send_some()
    assert len(mail.outbox) == 2
    assert "Sent" in client.get("/jams/tides/invitations/").text
    assert "a@x.org" in client.get("/jams/tides/invitations/people/?q=A@X").text


def test_a_form_that_is_refused_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada.person)

    page = client.post(
        "/jams/tides/invitations/",
        {"addresses": "a@x.org", "role": "participant", "words": "Do come.", "expires_at": "2020-01-01T10:00"},
    )

    assert page.status_code == 422
    assert "a@x.org" in page.text
    assert "Do come." in page.text
    assert not InvitationList.objects.exists()


def test_a_long_report_is_read_page_by_page(cast: Cast, client: Client) -> None:
    made = invite(cast, "".join(f"a{number}@x.org\n" for number in range(250)))
    client.force_login(cast.ada.person)

    first = client.get(f"/jams/tides/invitations/{made.pk}/")
    last = client.get(f"/jams/tides/invitations/{made.pk}/?after=200")

    assert "a99@x.org" in first.text
    assert "a100@x.org" not in first.text
    assert "?after=100" in first.text
    assert "a249@x.org" in last.text


@pytest.mark.parametrize("who", ["ana", "omar", "ned"])
def test_who_does_not_run_the_jam_finds_none_of_it(cast: Cast, client: Client, who: str) -> None:
    made = invite(cast, "a@x.org")
    client.force_login(getattr(cast, who).person)
    base = "/jams/tides/invitations/"

    for path in ("", f"{made.pk}/", f"{made.pk}/report.csv", "people/"):
        assert client.get(base + path).status_code == 404
    one = Invitation.objects.get()
    for path in ("", f"{made.pk}/send/", "act/", "links/", f"people/{one.pk}/revoke/"):
        assert client.post(base + path, {"action": "revoke", "sure": "yes", "addresses": "z@x.org"}).status_code == 404
    one.refresh_from_db()
    assert (one.revoked_at, one.mail_due_at) == (None, None)


def test_another_jams_lists_and_invitations_are_not_to_be_had(cast: Cast, client: Client) -> None:
    made = invite(cast, "a@x.org")
    client.force_login(cast.ned.person)

    assert client.get(f"/jams/other/invitations/{made.pk}/").status_code == 404
    assert client.post(f"/jams/other/invitations/{made.pk}/send/").status_code == 404
    assert client.post(f"/jams/other/invitations/people/{Invitation.objects.get().pk}/revoke/").status_code == 404
