"""The one table of the foundation: which keys the data of this database depends on."""

from django.db import models


class KnownKey(models.Model):
    """The id of a key that rows of this database were encrypted, indexed or sealed with; never the key itself.

    `name` and `key_id` are those of foundation.keyring.Keyring.key_ids.
    """

    name = models.CharField(max_length=60, unique=True)
    key_id = models.CharField(max_length=16)
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.name} {self.key_id}"
