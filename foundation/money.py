"""MoneyField: Decimal yuan in Python, whole fen in the database, exact on every one of them."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Expression

from foundation.expressions import as_stored
from foundation.rounding import ZERO, from_fen, rounded, to_fen, total

__all__ = ["ZERO", "MoneyField", "from_fen", "in_fen", "rounded", "to_fen", "total"]


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]  # the stubs fix the Python type to int
    """An amount in yuan (Decimal) kept as whole fen, exact on every database."""

    description = "Amount of money in yuan"

    # What the Django stubs read as the types of assignment, of reading and of look-ups.
    _pyi_private_set_type: Decimal | str | int | Combinable  # type: ignore[assignment]  # an integer field's otherwise
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | str | int  # type: ignore[assignment]

    def from_db_value(
        self, value: int | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        return None if value is None else from_fen(int(value))

    def to_python(self, value: Any) -> Decimal | None:  # Django hands in whatever was assigned
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError("金额不能用浮点数表示。", code="float")
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError("请填写金额,单位元。", code="invalid") from error

    def get_prep_value(self, value: Any) -> int | None:
        amount = self.to_python(value)
        if amount is None:
            return None
        try:
            return to_fen(amount)
        except ValueError as error:
            raise ValidationError("金额最多两位小数。", code="decimals") from error

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


def in_fen(column: str) -> Expression:
    """The amount as the database has it, for `values_list` over very many rows that hold few distinct amounts."""
    return as_stored(column)
