"""The tables of accounts that triggers guard."""

from foundation.triggers import AppendOnly, Guard

GUARDS: tuple[Guard, ...] = (
    AppendOnly("accounts_auditevent", unique=("sequence",)),
    AppendOnly("subsidies_seal", unique=("sequence",)),
)
