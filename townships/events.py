"""What is recorded of places and their household counts."""

from enum import unique

from accounts.events import Event, EventKind


@unique
class TownshipEvent(Event):
    """A count that waits for approval is no change of the facts; whoever entered it edited them all the same."""

    IMPORT_DIVISIONS = EventKind("county", "import_divisions", "导入区划", changes_facts=True)
    IMPORT_HOUSEHOLDS = EventKind("county", "import_households", "导入户籍户数", changes_facts=True, is_editing=True)
    IMPORT_WAITING_HOUSEHOLDS = EventKind("", "import_households", "导入户籍户数,等待审核", is_editing=True)
    ENTER_HOUSEHOLD_COUNT = EventKind("grassrootsunit", "enter_household_count", "登记户籍户数", is_editing=True)
    OPEN_UNIT = EventKind("grassrootsunit", "open_unit", "设立村(社区)", changes_facts=True, is_editing=True)
    RENAME_UNIT = EventKind("grassrootsunit", "rename_unit", "村(社区)改名", changes_facts=True)
    ENTER_STATUS = EventKind("township", "enter_status", "登记区划状态变更")
    APPROVE_STATUS = EventKind("township", "approve_status", "审核通过区划状态", changes_facts=True)
    APPROVE_COUNTS = EventKind("county", "approve_counts", "审核通过户籍户数", changes_facts=True)


EVENTS: tuple[Event, ...] = tuple(TownshipEvent)
