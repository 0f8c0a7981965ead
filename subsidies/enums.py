"""States of a run."""

from foundation.labels import Labelled


class RunState(Labelled):
    CALCULATED = "calculated", "已核算"
    APPROVED = "approved", "已审批"
