"""The triggers on the policy: what an approved month may rest on stays as it is (domain 2, 二.1).

A version is used once a month that reaches its first day was approved: what import_policy calls used. The seals of
approvals say which months those are, and not the states of runs: a state may be walked back and forth, a seal is for
ever, and the figures of a month that was returned were once approved on this policy all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.triggers import POSTGRESQL, SQLITE, Guard, Trigger, postgres_trigger, sqlite_trigger

ORDINARY = ("SELECT", "INSERT", "UPDATE", "DELETE")
STANDARDS = "subsidies_subsidystandard"
MINIMUM_WAGE_COLUMNS = ("id", "effective_from", "amount", "document_id", "replaces_id")
STANDARD_COLUMNS = (
    "id",
    "effective_from",
    "document_id",
    "replaces_id",
    "assistant_percent",
    "assistant_fixed",
    "community_percent",
    "community_fixed",
    "village_percent",
    "wage_floor",
    "proration",
    "proration_day",
    "assistant_base_a",
    "assistant_base_b",
    "assistant_extra_max",
    "platform_minimum_a",
    "platform_minimum_b",
    "contract_min_months",
    "contract_ending_days",
    "checks",
    "checks_from",
    "cap_at_cost",
    "counting_suspensions",
)
_SEALED_APPROVALS = (
    "SELECT 1 FROM subsidies_seal s JOIN subsidies_revision v ON v.id = s.revision_id"
    " JOIN subsidies_subsidyrun r ON r.id = v.run_id WHERE s.action = 'approve'"
)
# All SQL here is made of names from this module, without values.


@dataclass(frozen=True)
class Versions:
    """Versions with a first day: of a used one only the approvals that it still waits for are written.

    `columns` are all but those of the approvals. One that waits may be removed, since it never counted.
    """

    table: str
    columns: Sequence[str]
    privileges: Sequence[str] = ORDINARY

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        if vendor not in (POSTGRESQL, SQLITE):
            return ()
        same = "IS NOT DISTINCT FROM" if vendor == POSTGRESQL else "IS"
        unchanged = " AND ".join(f'NEW."{column}" {same} OLD."{column}"' for column in self.columns)
        used = {row: _used(f"{row}.effective_from", vendor) for row in ("OLD", "NEW", "t")}
        update = f"({used['OLD']} OR {used['NEW']}) AND NOT (OLD.approved_at IS NULL AND {unchanged})"
        delete = f"OLD.approved_at IS NOT NULL AND {used['OLD']}"
        collides = (
            "t.id = NEW.id OR t.replaces_id = NEW.replaces_id"
            " OR (t.replaces_id IS NULL AND NEW.replaces_id IS NULL AND t.effective_from = NEW.effective_from)"
        )
        replace = _removed(self.table, collides, f"t.approved_at IS NOT NULL AND {used['t']}")
        return _triggers(vendor, self.table, insert="", update=update, delete=delete, replace=replace)


@dataclass(frozen=True)
class PartsOfStandard:
    """Bands and fund sources of a standard: none is added, changed or removed once it counts and is used."""

    table: str
    unique_with_standard: str
    privileges: Sequence[str] = ORDINARY

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        if vendor not in (POSTGRESQL, SQLITE):
            return ()

        def used(row: str) -> str:
            day = _used("p.effective_from", vendor)
            return (
                f"EXISTS (SELECT 1 FROM {STANDARDS} p"  # noqa: S608
                f" WHERE p.id = {row}.standard_id AND p.approved_at IS NOT NULL AND {day})"
            )

        other = self.unique_with_standard
        collides = f"t.id = NEW.id OR (t.standard_id = NEW.standard_id AND t.{other} = NEW.{other})"
        return _triggers(
            vendor,
            self.table,
            insert=used("NEW"),
            update=f"({used('OLD')} OR {used('NEW')})",
            delete=used("OLD"),
            replace=_removed(self.table, collides, used("t")),
        )


@dataclass(frozen=True)
class FundSources:
    """Fund sources stay as they are from the first approval on: a new term is a new source of a new standard."""

    table: str = "subsidies_fundsource"
    privileges: Sequence[str] = ORDINARY

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        if vendor not in (POSTGRESQL, SQLITE):
            return ()
        used = f"EXISTS ({_SEALED_APPROVALS})"
        replace = _removed(self.table, "t.id = NEW.id OR t.key = NEW.key", used)
        return _triggers(vendor, self.table, insert="", update=used, delete=used, replace=replace)


def _used(day: str, vendor: str) -> str:
    """Whether a month that reaches this day was approved at some time."""
    month = f"date_trunc('month', {day})::date" if vendor == POSTGRESQL else f"date({day}, 'start of month')"
    return f"EXISTS ({_SEALED_APPROVALS} AND r.month >= {month})"


def _removed(table: str, collides: str, guarded: str) -> str:
    """Whether INSERT OR REPLACE on SQLite would remove a row that is guarded: no delete trigger sees it."""
    return f"EXISTS (SELECT 1 FROM {table} t WHERE ({collides}) AND {guarded})"  # noqa: S608


def _triggers(vendor: str, table: str, *, insert: str, update: str, delete: str, replace: str) -> Sequence[Trigger]:
    """What refuses each kind of change where its condition holds; an empty one never does."""
    why = f"{table} is used"
    if vendor == POSTGRESQL:
        refuse = f"RAISE EXCEPTION '{why}: % refused', TG_OP USING ERRCODE = 'restrict_violation';"
        return (
            *(
                postgres_trigger(
                    f"{table}_used_no_{name}",
                    table,
                    f"BEFORE {name.upper()} ON {{table}} FOR EACH ROW",
                    f"BEGIN IF {condition} THEN {refuse} END IF; RETURN {'OLD' if name == 'delete' else 'NEW'}; END",
                )
                for name, condition in (("insert", insert), ("update", update), ("delete", delete))
                if condition
            ),
            postgres_trigger(
                f"{table}_no_truncate", table, "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", f"BEGIN {refuse} END"
            ),
        )
    return tuple(
        sqlite_trigger(
            f"{table}_used_no_{name}",
            table,
            f"BEFORE {event}",
            f"SELECT RAISE(ABORT, '{why}: {name.upper()} refused')",
            when=condition,
        )
        for name, event, condition in (
            ("insert", "INSERT", insert),
            ("replace", "INSERT", replace),
            ("update", "UPDATE", update),
            ("delete", "DELETE", delete),
        )
        if condition
    )


POLICY_GUARDS: tuple[Guard, ...] = (
    Versions("subsidies_minimumwage", MINIMUM_WAGE_COLUMNS),
    Versions(STANDARDS, STANDARD_COLUMNS),
    PartsOfStandard("subsidies_householdband", "from_households"),
    PartsOfStandard("subsidies_standardfunding", "position"),
    FundSources(),
)
