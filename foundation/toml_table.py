"""One table of a TOML file: typed values by key, every problem collected with its place."""

import contextlib
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from foundation.excel.problems import Problem


class Unreadable(Exception):
    """A row has problems and gives no value; they are in the table."""


class TomlTable:
    """One table of the file: typed values by key, problems collected with their place."""

    def __init__(self, place: str, content: object) -> None:
        self.place = place
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        self.problems: list[Problem] = []
        self._seen: set[str] = set()
        if not isinstance(content, dict):
            self.problem("", "写法不对", "请写成一组“键 = 值”")

    def problem(self, key: str, message: str, advice: str) -> None:
        self.problems.append(Problem(None, f"{self.place} {key}".strip(), message, advice))

    def finish(self) -> None:
        """Refuse keys that nobody asked for; raise when anything was wrong."""
        for key in self.content.keys() - self._seen:
            self.problem(key, "不认识的项", "请核对拼写或删去")
        if self.problems:
            raise Unreadable

    def has(self, key: str) -> bool:
        return key in self.content

    def value(self, key: str, *, required: bool) -> Any:  # whatever TOML holds
        self._seen.add(key)
        value = self.content.get(key)
        if value is None and required:
            self.problem(key, "缺少", "请填写")
        return value

    def text(self, key: str, *, required: bool = True) -> str:
        value = self.value(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            self.problem(key, "不是文字", "请写成带引号的文字")
            return ""
        return value.strip()

    def day(self, key: str, *, required: bool = True) -> date | None:
        value = self.value(key, required=required)
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = date.fromisoformat(value)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.problem(key, f"“{value}”不是日期", "请写成 2009-01-01")
        return None

    def required_day(self, key: str) -> date:
        day = self.day(key)
        return day if day is not None else date.min

    def number(self, key: str, *, required: bool = True, places: int = 2) -> Decimal | None:
        value = self.value(key, required=required)
        if value is None:
            return None
        try:
            if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
                raise InvalidOperation
            number = Decimal(value)
            if not number.is_finite() or number < 0:
                raise InvalidOperation
        except InvalidOperation:
            self.problem(key, f"“{value}”不是数字", '请写成不带单位和字母的非负数,例如 "180"')
            return None
        if number != number.quantize(Decimal(1).scaleb(-places)):
            self.problem(key, f"“{value}”的小数超过 {places} 位", f"最多 {places} 位小数")
            return None
        return number

    def whole(self, key: str, *, required: bool = True, default: int = 0, highest: int = 32767) -> int:
        number = self.number(key, required=required, places=0)
        if number is None:
            return default
        if number > highest:
            self.problem(key, f"“{number}”太大", f"不超过 {highest}")
            return default
        return int(number)

    def flag(self, key: str) -> bool:
        value = self.value(key, required=False)
        if value is None:
            return False
        if not isinstance(value, bool):
            self.problem(key, "须为 true 或 false", "请改正")
            return False
        return value

    def table(self, key: str, *, required: bool = True) -> "TomlTable":
        value = self.value(key, required=required)
        inner = TomlTable(f"{self.place} {key}", {} if value is None else value)
        inner.problems = self.problems if isinstance(value, dict | None) else [*inner.problems]
        if value is not None and not isinstance(value, dict):
            self.problem(key, "写法不对", "请写成 { A = 3, B = 2 } 的形式")
        return inner
