"""What an event can say is declared once: what services write is compared with it, and what was stored stays."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model

import subsidies.events
from accounts.events import AccountEvent, Event, declared_events, label_of
from staffing.events import StaffingEvent
from staffing.models import Person, Posting
from staffing.people import history

ROOT = Path(settings.BASE_DIR)
OURS = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
CODE = {path: path.read_text(encoding="utf-8") for app in OURS for path in sorted(app.rglob("*.py"))}

DECLARED = list(declared_events())
BY_NAME = {f"{type(event).__name__}.{event.name}": event for event in DECLARED}
# Events by the name of a table of steps.
TABLES = {
    name: set(value.values())
    for name, value in vars(subsidies.events).items()
    if isinstance(value, dict) and not name.startswith("_") and name != "TOLD"
}
WRITERS = {"record", "as_refusal", "Refusal"}

# subject type.verb of everything that was stored when the enumeration was made; - stands for no row.
STORED = """
user.add_user -.grant_application_role -.login -.logout user.login_failed -.login_failed user.locked_out -.locked_out
-.refused -.download
county.import_divisions county.import_households -.import_households grassrootsunit.enter_household_count
county.approve_counts
person.register_person person.merge_people person.unmerge_person person.reveal_national_id
posting.appoint posting.correct_dates posting.withdraw_posting contract.add_contract contract.correct_contract
wage.set_wage suspension.suspend suspension.correct_suspension suspension.withdraw_suspension
importbatch.import_roster importbatch.undo_import pendingimport.import_roster
establishmentgrant.grant_places establishmentgrant.approve_grant importbatch.import_grants -.import_grants
subsidyrun.calculate subsidyrun.send subsidyrun.approve subsidyrun.return subsidyrun.void subsidyrun.acknowledge
-.calculate
townshipreport.submit_report townshipreport.accept_report townshipreport.return_report townshipreport.acknowledge
townshipreport.attach_scans townshipreport.withdraw_scan
township.submit_report township.accept_report township.return_report township.attach_scans township.withdraw_scan
sheetfile.issue_sheet adjustment.adjust adjustment.withdraw_adjustment ledgerparameters.set_parameters
grassrootsunit.close_unit grantending.end_grant establishmentgrant.approve_grant_ending
person.correct_person person.accept_proposal personproposal.propose_correction personproposal.refuse_proposal
-.import_policy -.enter_policy minimumwage.approve_policy subsidystandard.approve_policy -.reject_entries
"""


def written(text: str) -> set[Event]:
    """The events that a module names, or a table of steps that it names, if it writes any."""
    nodes = list(ast.walk(ast.parse(text)))
    if not any(isinstance(node, ast.Call) and _called(node) in WRITERS for node in nodes):
        return set()
    named = {BY_NAME[name] for name in map(ast.unparse, nodes) if name in BY_NAME}
    return named.union(*(TABLES.get(node.id, set()) for node in nodes if isinstance(node, ast.Name)))


def written_past_the_enumeration(text: str) -> Iterator[str]:
    """Calls that store an event other than by `record`, or that give it words."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called == "AuditEvent" or (called.startswith("AuditEvent.objects.") and "create" in called):
            yield ast.unparse(node)
        if _called(node) in WRITERS and any(keyword.arg == "action" for keyword in node.keywords):
            yield ast.unparse(node)


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


def test_every_event_is_written_by_some_service() -> None:
    found = set[Event]().union(*map(written, CODE.values()))
    assert {str(event) for event in DECLARED if event not in found} == set()


def test_nothing_is_written_past_the_enumeration() -> None:
    recording = ROOT / "accounts" / "audit.py"
    assert [
        call for path, text in CODE.items() if path != recording for call in written_past_the_enumeration(text)
    ] == []


def test_what_only_asks_is_seen_to_write_nothing_and_what_writes_past_it_is_seen() -> None:
    assert written("AuditEvent.objects.filter(saying(AccountEvent.LOGIN))") == set()
    assert written("record(event=AccountEvent.LOGIN, actor=user)") == {AccountEvent.LOGIN}
    assert written("audit.record(event=RUN_STEPS[action])") == set(subsidies.events.RUN_STEPS.values())
    assert list(written_past_the_enumeration("record(action='login')\nAuditEvent.objects.create(action='x')")) == [
        "record(action='login')",
        "AuditEvent.objects.create(action='x')",
    ]


def test_what_was_stored_is_declared_as_it_was() -> None:
    declared = {f"{event.subject or '-'}.{event.verb}" for event in DECLARED}
    assert set(STORED.split()) - declared == set()


def test_an_event_is_declared_once_and_of_a_model_that_there_is() -> None:
    pairs = [(event.subject, event.verb) for event in DECLARED]
    assert len(set(pairs)) == len(pairs)
    models = {model._meta.model_name for model in apps.get_models()} | {""}
    assert {event.subject for event in DECLARED} <= models


def test_what_is_recorded_of_a_posting_or_a_person_stands_in_the_history_of_the_person() -> None:
    subjects = {event.subject for event in StaffingEvent}
    models = [model for model in apps.get_app_config("staffing").get_models() if model._meta.model_name in subjects]
    of_posting = {model for model in models if _leads_to(model, Posting)} - {Posting}
    of_person = {model for model in models if _leads_to(model, Person)} - {Posting}
    assert of_posting == set(history.OF_POSTING)
    assert of_person - of_posting - {Person} == set(history.OF_PERSON)


def _leads_to(model: type[Model], other: type[Model]) -> bool:
    return any(isinstance(field, ForeignKey) and field.related_model is other for field in model._meta.get_fields())


@pytest.mark.parametrize("event", DECLARED, ids=str)
def test_an_event_fits_its_columns_and_is_shown_by_its_label(event: Event) -> None:
    assert (len(event.subject) <= 40, len(event.verb) <= 60) == (True, True)
    assert label_of(event.subject, event.verb) == event.label != ""
