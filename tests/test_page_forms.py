"""What a form may do by itself: one step, nothing ticked beforehand, and none of it by Enter."""

from pathlib import Path

from django.conf import settings

from subsidies.demo.county import DemoCounty
from tests.page_forms import Form, forms_of
from tests.tour import kind_of, the_tour

# Enter may lead there: they only read, or lead in.
READING = {"login", "find_person", "people_by_number", "off_post"}
# A report confirms everybody as last month unless the tick is taken away; who is not on post is registered in the same
# form, and nothing of that is the opposite of sending it up.
REPORT = "submit_report"
# Ticked beforehand are the reports in which nothing is different and nothing is left to be explained.
ACCEPTING = "accept_reports"


def faults_of(form: Form) -> list[str]:
    """What the form does that none may."""
    steps = {(button.address or form.action, button.value) for button in form.steps}
    led = {name: form.leads_by_enter(name) for name in form.kinds}
    ticked = [name for name, kind in form.kinds.items() if kind == "checkbox" and form.sent[name]]
    faults = [f"has {len(steps)} buttons"] if len(steps) > 1 and kind_of(form.action) != REPORT else []
    faults += [f"has {name} ticked" for name in ticked if kind_of(form.action) != ACCEPTING]
    faults += [f"takes Enter in {name}" for name in led if led[name] and kind_of(led[name]) not in READING]
    faults += [f"asks for {name} in an input" for name in led if "reason" in name and form.kinds[name] != "textarea"]
    return faults


def test_a_form_takes_one_step_and_none_by_enter(demo: DemoCounty) -> None:
    tour = the_tour(everybody=("officer", "approver", "clerk_yuelong"))
    steps = [form for page in tour.pages.values() for form in forms_of(page) if form.method == "post"]
    assert [f"{form.action} {fault}" for form in steps for fault in faults_of(form)] == []
    shown = {kind for _, kind in tour.forms}
    assert shown >= {"approve_entries", "reject_entries", "decide_report", "submit_report", "step"}
    assert shown >= {"add_adjustment", "withdraw_posting", "enter_households", "person_national_id"}


def test_a_fault_is_found() -> None:
    """Two opposite buttons, a tick beforehand, Enter that takes a step, and a reason in one line."""
    page = """
      <form method="post" action="/approvals/approve/">
        <input type="checkbox" name="entry" value="1" checked><input name="reason">
        <button>通过</button><button formaction="/approvals/reject/">退回</button>
      </form>
    """
    assert [fault for form in forms_of(page) for fault in faults_of(form)] == [
        "has 2 buttons",
        "has entry ticked",
        "takes Enter in entry",
        "takes Enter in reason",
        "asks for reason in an input",
    ]
    guard = (Path(settings.BASE_DIR) / "templates/components/no_enter.html").read_text(encoding="utf-8")
    guarded = forms_of(page.replace("<input", f"{guard}<input", 1))
    assert [form.leads_by_enter(name) for form in guarded for name in ("entry", "reason")] == ["", ""]
