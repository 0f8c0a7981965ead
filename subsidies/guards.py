"""The tables that triggers guard: what was sent, sealed or scanned stays, and a run goes by the table of states.

Those of the policy stand in policy_guards.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.triggers import POSTGRESQL, SQLITE, AppendOnly, Guard, Trigger, postgres_trigger, sqlite_trigger
from subsidies.policy_guards import POLICY_GUARDS
from subsidies.workflow import RUN_TRANSITIONS, pairs

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
        unchanged = " AND ".join(f'NEW."{column}" {{same}} OLD."{column}"' for column in self.columns)
        if vendor == POSTGRESQL:
            same = unchanged.format(same="IS NOT DISTINCT FROM")
            body = _unless(f"OLD.{self.once} IS NULL AND {same}", f"{self.table} is sealed")
            return (
                postgres_trigger(
                    f"{self.table}_kept", self.table, "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW", body
                ),
                postgres_trigger(
                    f"{self.table}_no_truncate", self.table, "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", body
                ),
            )
        if vendor != SQLITE:
            return ()
        refuse = f"SELECT RAISE(ABORT, '{self.table} is sealed: %s refused')"
        return (
            sqlite_trigger(
                f"{self.table}_no_update",
                self.table,
                "BEFORE UPDATE",
                refuse % "UPDATE",
                when=f"NOT (OLD.{self.once} IS NULL AND {unchanged.format(same='IS')})",
            ),
            sqlite_trigger(f"{self.table}_no_delete", self.table, "BEFORE DELETE", refuse % "DELETE"),
            sqlite_trigger(
                f"{self.table}_no_replace",
                self.table,
                "BEFORE INSERT",
                refuse % "REPLACE",
                # Names from the declaration, no values.
                when=f'EXISTS (SELECT 1 FROM "{self.table}" WHERE id = NEW.id OR ({self.collision}))',  # noqa: S608
            ),
        )


@dataclass(frozen=True)
class Runs:
    """A run is never removed, keeps its month and number, and goes from state to state as workflow.py says."""

    table: str = "subsidies_subsidyrun"
    privileges: Sequence[str] = ("SELECT", "INSERT", "UPDATE")

    def triggers(self, vendor: str) -> Sequence[Trigger]:
        steps = " OR ".join(
            f"(OLD.state = '{source}' AND NEW.state = '{target}')" for source, target in pairs(RUN_TRANSITIONS)
        )
        allowed = f"(NEW.state = OLD.state OR {steps})"
        unchanged = " AND ".join(f'NEW."{column}" = OLD."{column}"' for column in RUN_COLUMNS)
        shown = "(NEW.state = 'calculated' OR {same})"
        if vendor == POSTGRESQL:
            same = shown.format(same="NEW.current_revision_id IS NOT DISTINCT FROM OLD.current_revision_id")
            body = _unless(f"{allowed} AND {unchanged} AND {same}", f"{self.table} goes by its states")
            return (
                postgres_trigger(
                    f"{self.table}_by_states", self.table, "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW", body
                ),
                postgres_trigger(
                    f"{self.table}_no_truncate", self.table, "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", body
                ),
            )
        if vendor != SQLITE:
            return ()
        same = shown.format(same="NEW.current_revision_id IS OLD.current_revision_id")
        refuse = f"SELECT RAISE(ABORT, '{self.table} goes by its states: %s refused')"
        return (
            sqlite_trigger(
                f"{self.table}_no_update",
                self.table,
                "BEFORE UPDATE",
                refuse % "UPDATE",
                when=f"NOT ({allowed} AND {unchanged} AND {same})",
            ),
            sqlite_trigger(f"{self.table}_no_delete", self.table, "BEFORE DELETE", refuse % "DELETE"),
            sqlite_trigger(
                f"{self.table}_no_replace",
                self.table,
                "BEFORE INSERT",
                refuse % "REPLACE",
                when=f'EXISTS (SELECT 1 FROM "{self.table}" WHERE id = NEW.id OR (county_id = NEW.county_id'  # noqa: S608
                " AND month = NEW.month AND number = NEW.number))",
            ),
        )


def _refuse(why: str) -> str:
    """PL/pgSQL that raises an IntegrityError."""
    return f"RAISE EXCEPTION '{why}: % refused', TG_OP USING ERRCODE = 'restrict_violation';"


def _unless(allowed: str, why: str) -> str:
    """The body of a trigger by row that lets only such an UPDATE through."""
    return f"BEGIN IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF; {_refuse(why)} END"


GUARDS: tuple[Guard, ...] = (
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
    AppendOnly("subsidies_seal", unique=("sequence",)),
    AppendOnly("subsidies_sheetfile", unique=("number",)),
    AppendOnly("subsidies_keptstaffing", unique=("revision_id",)),
    *POLICY_GUARDS,
)
