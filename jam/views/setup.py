"""Making a jam, and setting it up step by step: each step a page with its own form, each save one verb."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from jam.access import Entry, can_create_jam
from jam.domain import checklist, meaning, setup
from jam.domain.checklist import Line
from jam.domain.errors import NotAllowed, Refused
from jam.domain.meaning import Around
from jam.domain.opening import FORUMS_MAX
from jam.domain.plans import Plan, Schedule
from jam.forms.forums import ForumsForm
from jam.forms.schedule import ScheduleForm
from jam.forms.steps import LookForm, PeopleForm, StepForm, TakingPartForm, WordsForm
from jam.models import Jam, Member
from jam.roles import Right
from jam.views.frame import jam_frame
from jam.views.refusals import refused_page
from jam.views.staff import for_who_sets_up


@dataclass(frozen=True)
class Step:
    """A step of setting up a jam. `templates/jam/steps/NAME.html` shows its form."""

    name: str
    title: str | Promise
    lead: str | Promise
    form: type[StepForm]
    right: Right = Right.SET_UP

    @property
    def template(self) -> str:
        return f"jam/steps/{self.name}.html"


STEPS = (
    Step("words", _("Words"), _("What the jam is called, and what everybody is here to answer."), WordsForm),
    Step("forums", _("Forums"), _("One topic each, with a question of its own, in this order."), ForumsForm),
    Step("schedule", _("Schedule"), _("When it opens and closes, and what happens around that."), ScheduleForm),
    Step("people", _("People"), _("Who may come in, and as whom they take part."), PeopleForm, Right.ADMINISTER),
    Step("look", _("Look"), _("A colour, a logo and a cover of your own."), LookForm),
    Step("rules", _("Rules"), _("How people vote and change what they wrote, and how they treat each other."),
         TakingPartForm),
)  # fmt: skip
BY_NAME = {step.name: step for step in STEPS}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def jam_create(request: HttpRequest) -> HttpResponse:
    """The first step of a new jam, which is a draft once it is saved."""
    if not can_create_jam(request.user):
        return refused_page(
            request, NotAllowed(gettext("Only admins of the site and people who run a jam here can make one."))
        )
    assert isinstance(request.user, Person)
    if request.method != "POST":
        return render(request, "jam/create.html", {"form": WordsForm(initial={"language": "en"})})
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            jam = setup.create_jam(person=request.user, plans=[form.plan(), _here()])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("The draft is saved. Only you see it until you publish it."))
            return redirect("jam:step", jam.slug, STEPS[1].name)
    return render(request, "jam/create.html", {"form": form}, status=422)


def _here() -> Plan:
    """A schedule without times, in the zone of who makes the jam."""
    return Schedule(timezone.get_current_timezone_name())


@require_safe
@for_who_sets_up
def jam_setup(request: HttpRequest, entry: Entry) -> HttpResponse:
    """What is set up, what is missing, and publishing."""
    lines = checklist.of(entry.jam, entry.now)
    context = {
        **jam_frame(entry),
        "steps": _shown_steps(entry),
        "lines": [(line, _way_to(entry.jam, line)) for line in lines],
        "stops": any(line.stops for line in lines),
    }
    return render(request, "jam/setup.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_who_sets_up
def jam_step(request: HttpRequest, entry: Entry, step_name: str) -> HttpResponse:
    """A step's form. POST saves it; where that does something to people it is said first, and sent again to be done.

    It leads on to the next step; with `then=stay`, sent or in the address, back to this one.
    """
    step = BY_NAME.get(step_name)
    if step is None:
        raise Http404(gettext("There is no such page."))
    if not entry.may(step.right):
        return refused_page(request, NotAllowed(gettext("Only an admin of this jam changes that.")))
    if request.method != "POST":
        return _page(request, entry, step, step.form.showing(entry.jam))
    if issubclass(step.form, ForumsForm) and any(button in request.POST for button in ForumsForm.REARRANGING):
        return _page(request, entry, step, step.form.rearranged(request.POST, entry.jam))
    form = step.form.sent(request.POST, entry.jam, request.FILES)
    if not form.is_valid():
        return _page(request, entry, step, form, status=422)
    return _save(request, entry, step, form)


def _save(request: HttpRequest, entry: Entry, step: Step, form: StepForm) -> HttpResponse:
    plan, jam = form.plan(), entry.jam
    stay = "stay" in (request.POST.get("then"), request.GET.get("then"))
    meanings, mark = _meanings(entry, plan), _mark(entry, plan)
    if meanings and request.POST.get("confirmed") != mark and form.cleaned_data["version"] == jam.version:
        return _page(request, entry, step, form, meanings=meanings, mark=mark, stay=stay)
    try:
        changed = setup.change_jam(jam=jam, plan=plan, version=form.cleaned_data["version"] or 0, by=entry.member)
    except Refused as refused:
        form.refuse(refused)
        if refused.code != "stale":
            return _page(request, entry, step, form, status=refused.status)
        now = Jam.objects.get(pk=jam.pk)
        changes = form.differences(now)
        form.renew(now.version)
        return _page(request, entry, step, form, status=refused.status, changes=changes)
    messages.success(request, _said_of_saving(jam, changed))
    return redirect(_next(entry, step, stay=stay))


def _meanings(entry: Entry, plan: Plan) -> list[str]:
    """One query more where there is something to say of a published jam."""
    before = type(plan).of(entry.jam)
    if entry.jam.published_at is None or before == plan:
        return []
    around = Around(phase=entry.phase, now=entry.now, members=Member.objects.filter(jam=entry.jam).count())
    return meaning.of_change(before, plan, around)


def _mark(entry: Entry, plan: Plan) -> str:
    """Stands for a change of the jam as it is now: what is confirmed is what was read, and nothing else."""
    return hashlib.sha256(repr((entry.jam.version, entry.phase, plan)).encode()).hexdigest()[:16]


def _said_of_saving(jam: Jam, changed: Jam) -> str:
    if changed.version == jam.version:
        return gettext("It is as it was.")
    if jam.published_at is None:
        return gettext("The draft is saved.")
    return gettext("Saved. Every open tab has been told.")


def _next(entry: Entry, step: Step, *, stay: bool) -> str:
    """The step itself, or the next that they may change; after the last, the check."""
    steps = [one for one in STEPS if entry.may(one.right)]
    after = steps[steps.index(step) + (0 if stay else 1) :]
    # A new address may have come with the words.
    slug = Jam.objects.values_list("slug", flat=True).get(pk=entry.jam.pk)
    return reverse("jam:step", args=[slug, after[0].name]) if after else reverse("jam:setup", args=[slug])


def _shown_steps(entry: Entry, current: Step | None = None) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "title": step.title,
            "lead": step.lead,
            "url": reverse("jam:step", args=[entry.jam.slug, step.name]) if entry.may(step.right) else "",
            "is_current": step is current,
        }
        for number, step in enumerate(STEPS, start=1)
    ]


def _way_to(jam: Jam, line: Line) -> str:
    """The address at which what a line says is mended."""
    if ":" in line.step:
        return reverse(line.step, args=[jam.slug])
    return reverse("jam:step", args=[jam.slug, line.step]) + (f"#id_{line.field}" if line.field else "")


def _page(
    request: HttpRequest, entry: Entry, step: Step, form: StepForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    if form.is_bound:
        form.comes_back()
    index, steps = STEPS.index(step), _shown_steps(entry, step)
    context = {
        **jam_frame(entry),
        "form": form,
        "step": step,
        "number": index + 1,
        "steps": steps,
        "before": next((one for one in reversed(steps[:index]) if one["url"]), None),
        "is_last": index + 1 == len(STEPS),
        "forums_max": FORUMS_MAX,
        "written": setup.was_written_in(entry.jam),
        **more,
    }
    return render(request, step.template, context, status=status)
