"""An address for every route of the URLconf."""

import re

from accounts.routes import Route

# A value for each converter, so that every pattern can be asked for.
EXAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "month": "2009-06",
    "action": "send",
    "sheet": "T1",
}


def address(route: Route, **parts: object) -> str:
    """An address that the pattern matches, with `parts` of it by name."""
    return re.sub(
        r"<(?:(\w+):)?(\w+)>", lambda found: str(parts.get(found[2], EXAMPLES.get(found[1] or "str", "1"))), route.path
    )
