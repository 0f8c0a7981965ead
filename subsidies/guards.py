"""The tables that triggers guard: what was sent, sealed or scanned stays, a run goes by the table of states, and the
ledger begins with the first month that was approved.

Those of the policy stand in policy_guards.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.triggers import POSTGRESQL, SQLITE, AppendOnly, Guard, Trigger, postgres_trigger, sqlite_trigger
from subsidies.enums import RunAction
from subsidies.policy_guards import POLICY_GUARDS
from subsidies.workflow import APPROVED_STATES, RUN_STATES, RUN_TRANSITIONS, pairs, times_of

REVISION_COLUMNS = ("id", "run_id", "number", "digest", "calculated_at", "calculated_by_id", "total", "basis")
SCAN_COLUMNS = (
    "id",
    "report_id",
    "submission",
    "filename",
    "content_type",
    "size",
    "sha256",
    "content_encrypted",
    "attached_by_id",
    "attached_at",
)
RUN_COLUMNS = ("id", "county_id", "month", "number", "retro_months")


@dataclass(frozen=True)
class RowsOfRevision:
    """Rows of a revision: never changed; added and removed only while it has not been sent."""

    table: str
    through_allocation: bool
    privileges: Sequence[str] = ("SELECT", "INSERT", "DELETE")

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        if vendor == POSTGRESQL:
            return self._on_postgresql()
        return self._on_sqlite() if vendor == SQLITE else ()

    def _sent(self, rows: str) -> str:
        """Whether any of `rows`, called r, belongs to a revision that was sent."""
        if self.through_allocation:
            joined = (
                "JOIN subsidies_allocation a ON a.id = r.allocation_id"
                " JOIN subsidies_revision v ON v.id = a.revision_id"
            )
        else:
            joined = "JOIN subsidies_revision v ON v.id = r.revision_id"
        # Names from this module, no values.
        return f"EXISTS (SELECT 1 FROM {rows} r {joined} WHERE v.sent_at IS NOT NULL)"  # noqa: S608

    def _on_postgresql(self) -> Sequence[Trigger]:
        refuse = _refuse(f"{self.table} is sealed")
        never = f"BEGIN {refuse} END"
        if_sent = f"BEGIN IF {self._sent('touched')} THEN {refuse} END IF; RETURN NULL; END"
        return (
            postgres_trigger(f"{self.table}_no_update", self.table, "BEFORE UPDATE ON {table} FOR EACH ROW", never),
            postgres_trigger(
                f"{self.table}_no_truncate", self.table, "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", never
            ),
            # Once a statement over all its rows: by row it costs four times as much.
            postgres_trigger(
                f"{self.table}_no_insert_when_sent",
                self.table,
                "AFTER INSERT ON {table} REFERENCING NEW TABLE AS touched FOR EACH STATEMENT",
                if_sent,
            ),
            postgres_trigger(
                f"{self.table}_no_delete_when_sent",
                self.table,
                "AFTER DELETE ON {table} REFERENCING OLD TABLE AS touched FOR EACH STATEMENT",
                if_sent,
            ),
        )

    def _on_sqlite(self) -> Sequence[Trigger]:
        def refuse(what: str) -> str:
            return f"SELECT RAISE(ABORT, '{self.table} is sealed: {what} refused')"

        column = "allocation_id" if self.through_allocation else "revision_id"
        new, old = self._sent(f"(SELECT NEW.{column} AS {column})"), self._sent(f"(SELECT OLD.{column} AS {column})")
        return (
            sqlite_trigger(f"{self.table}_no_update", self.table, "BEFORE UPDATE", refuse("UPDATE")),
            sqlite_trigger(
                f"{self.table}_no_insert_when_sent",
                self.table,
                "BEFORE INSERT",
                refuse("INSERT"),
                # INSERT OR REPLACE removes the row of the same id, and no delete trigger sees it.
                when=f'{new} OR EXISTS (SELECT 1 FROM "{self.table}" WHERE id = NEW.id)',  # noqa: S608
            ),
            sqlite_trigger(
                f"{self.table}_no_delete_when_sent", self.table, "BEFORE DELETE", refuse("DELETE"), when=old
            ),
        )


@dataclass(frozen=True)
class ChangedOnce:
    """A row is added and then changes once: when the time `once` is set; `columns` stay even then.

    `collision` is what of a stored row collides with one that is added, as SQL that calls the added one NEW: on SQLite
    INSERT OR REPLACE would remove it.
    """

    table: str
    once: str
    columns: Sequence[str]
    collision: str
    privileges: Sequence[str] = ("SELECT", "INSERT", "UPDATE")

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        allowed = f"OLD.{self.once} IS NULL AND {_unchanged(self.columns)}"
        return _kept(vendor, self.table, "kept", allowed, why="is sealed", collision=self.collision)


@dataclass(frozen=True)
class Runs:
    """A run is never removed, keeps its month and number, and goes from state to state as workflow.py says.

    Its times change only together with its state, and those that the new state keeps stay as they were; another
    revision is shown only by calculating.
    """

    table: str = "subsidies_subsidyrun"
    privileges: Sequence[str] = ("SELECT", "INSERT", "UPDATE")

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        steps = " OR ".join(
            f"(OLD.state = '{source}' AND NEW.state = '{target}')" for source, target in pairs(RUN_TRANSITIONS)
        )
        calculated = {str(row.target) for row in RUN_TRANSITIONS if row.action is RunAction.CALCULATE}
        allowed = (
            f"(NEW.state = OLD.state OR {steps})",
            _unchanged(RUN_COLUMNS),
            f"(NEW.state IN ({_listed(sorted(calculated))}) OR {_unchanged(('current_revision_id',))})",
            f"(NEW.state <> OLD.state OR ({_unchanged(times_of(RUN_STATES))}))",
            *(
                f"(NEW.state <> '{row.state}' OR ({_unchanged((*row.keeps, *row.may_keep))}))"
                for row in RUN_STATES
                if row.keeps or row.may_keep
            ),
        )
        return _kept(
            vendor,
            self.table,
            "by_states",
            " AND ".join(allowed),
            why="goes by its states",
            collision="county_id = NEW.county_id AND month = NEW.month AND number = NEW.number",
        )


@dataclass(frozen=True)
class FirstMonth:
    """The first month of a ledger is set where there is none, and taken away while none of its runs is approved.

    The row with the ledger's parameters is never removed.
    """

    table: str = "subsidies_ledgerparameters"
    privileges: Sequence[str] = ("SELECT", "INSERT", "UPDATE")

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        # Names from this module and workflow.py, no values.
        approved = (
            "EXISTS (SELECT 1 FROM subsidies_subsidyrun r WHERE r.county_id = OLD.county_id"  # noqa: S608
            f" AND r.state IN ({_listed(APPROVED_STATES)}))"
        )
        allowed = (
            f"{_unchanged(('id', 'county_id'))} AND ({_unchanged(('first_month',))} OR OLD.first_month IS NULL"
            f" OR (NEW.first_month IS NULL AND NOT {approved}))"
        )
        return _kept(
            vendor,
            self.table,
            "kept",
            allowed,
            why="keeps its first month",
            collision="county_id = NEW.county_id",
        )


def _unchanged(columns: Sequence[str]) -> str:
    """That an UPDATE leaves these columns as they are; `{same}` stands for how a database compares with NULL."""
    return " AND ".join(f'NEW."{column}" {{same}} OLD."{column}"' for column in columns)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _kept(vendor: str, table: str, name: str, allowed: str, *, why: str, collision: str) -> Sequence[Trigger]:
    """The triggers of rows that are never removed and change only as `allowed` says; `name` is PostgreSQL's."""
    if vendor == POSTGRESQL:
        body = _unless(allowed.format(same="IS NOT DISTINCT FROM"), f"{table} {why}")
        return (
            postgres_trigger(f"{table}_{name}", table, "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW", body),
            postgres_trigger(f"{table}_no_truncate", table, "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", body),
        )
    if vendor != SQLITE:
        return ()
    refuse = f"SELECT RAISE(ABORT, '{table} {why}: %s refused')"
    return (
        sqlite_trigger(
            f"{table}_no_update", table, "BEFORE UPDATE", refuse % "UPDATE", when=f"NOT ({allowed.format(same='IS')})"
        ),
        sqlite_trigger(f"{table}_no_delete", table, "BEFORE DELETE", refuse % "DELETE"),
        sqlite_trigger(
            f"{table}_no_replace",
            table,
            "BEFORE INSERT",
            refuse % "REPLACE",
            # Names from the declaration, no values.
            when=f'EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id OR ({collision}))',  # noqa: S608
        ),
    )


def _refuse(why: str) -> str:
    """PL/pgSQL that raises an IntegrityError."""
    return f"RAISE EXCEPTION '{why}: % refused', TG_OP USING ERRCODE = 'restrict_violation';"


def _unless(allowed: str, why: str) -> str:
    """The body of a trigger by row that lets only such an UPDATE through."""
    return f"BEGIN IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF; {_refuse(why)} END"


GUARDS: tuple[Guard, ...] = (
    FirstMonth(),
    Runs(),
    ChangedOnce(
        "subsidies_revision",
        once="sent_at",
        columns=REVISION_COLUMNS,
        collision="run_id = NEW.run_id AND number = NEW.number",
    ),
    ChangedOnce(
        "subsidies_reportscan",
        once="withdrawn_at",
        columns=SCAN_COLUMNS,
        collision="report_id = NEW.report_id AND submission = NEW.submission AND sha256 = NEW.sha256"
        " AND withdrawn_at IS NULL",
    ),
    RowsOfRevision("subsidies_allocation", through_allocation=False),
    RowsOfRevision("subsidies_explanation", through_allocation=False),
    RowsOfRevision("subsidies_allocationline", through_allocation=True),
    RowsOfRevision("subsidies_adjustmentline", through_allocation=True),
    RowsOfRevision("subsidies_olddifference", through_allocation=True),
    AppendOnly("subsidies_sheetfile", unique=("number",)),
    AppendOnly("subsidies_keptstaffing", unique=("revision_id",)),
    *POLICY_GUARDS,
)
