"""What cannot be done now, each in a sentence for the person who tried: why, and what to do."""


class RunRefused(Exception):
    """A step that the state, the person or the facts do not allow."""


class RunChanged(RunRefused):
    """The row is no longer what the person saw: another revision, or facts that have moved."""


class RunBusy(RunRefused):
    """Somebody else is at the same row in this moment."""


class FileRefused(RunRefused):
    """A file that was handed in cannot be kept."""


class ReasonMissing(RunRefused):
    """The step asks for a reason and none was given."""
