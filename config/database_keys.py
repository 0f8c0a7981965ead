"""Whether the keys in use are those that the data of this database depends on."""

from enum import Enum

from django.conf import settings
from django.db import connection, transaction

from accounts.chain_check import digest_of_link
from accounts.models import Seal
from config.content import has_rows
from foundation.crypto import CryptoError, decrypt
from foundation.models import KnownKey
from foundation.outages import DatabaseNotReady
from staffing.models import Person
from subsidies.revisions.first_links import digest_of_first_link
from subsidies.revisions.sealed import revision_seals


class KeysDiffer(DatabaseNotReady):
    """Other keys than those that the data depends on."""

    code = "other_keys"

    def __init__(self) -> None:
        super().__init__(
            "系统的密钥与数据库不符,现在不能使用,没有办理。请告诉系统管理员。",
            f"密钥文件 {settings.KEY_FILE.name} 不是这个数据库的密钥文件:请从备份取回原来的密钥文件,"
            "或核对 KEY_FILE 和 DATABASE_URL 是否写错。",
        )


class KeyAgreement(Enum):
    """How the keys in use stand to what the database says of its keys."""

    KNOWN = "it knows every one of them"
    NEW = "it knows none, or not all of them, and nothing in it speaks against them"
    OTHER = "its data depends on others"


def demand_keys_of_database() -> None:
    """Raises KeysDiffer where the data depends on other keys; those that the database does not know yet are recorded.

    Data from before the ids were recorded takes the keys over if its newest seal or an id number was made with them.
    """
    agreement = agreement_of_keys()
    if agreement is KeyAgreement.OTHER:
        raise KeysDiffer
    if agreement is KeyAgreement.NEW:
        _record()


def demand_recorded_keys() -> None:
    """The same before a migration: only what is recorded is compared, since the tables may be those of another day."""
    if KnownKey._meta.db_table in connection.introspection.table_names():
        in_use = settings.KEYS.key_ids()
        if any(in_use.get(name) != key_id for name, key_id in _recorded().items()) and database_holds_data():
            raise KeysDiffer


def agreement_of_keys() -> KeyAgreement:
    """Reads only; one statement where they are known."""
    in_use = settings.KEYS.key_ids()
    recorded = _recorded()
    if in_use == recorded:
        return KeyAgreement.KNOWN
    if recorded:
        fits = all(in_use.get(name) == key_id for name, key_id in recorded.items())
        return KeyAgreement.NEW if fits or not database_holds_data() else KeyAgreement.OTHER
    return KeyAgreement.NEW if _opens_what_is_there() else KeyAgreement.OTHER


def database_holds_data() -> bool:
    with connection.cursor() as cursor:
        return has_rows(cursor, set(connection.introspection.table_names(cursor)))


def _recorded() -> dict[str, str]:
    return dict(KnownKey.objects.values_list("name", "key_id"))


def _opens_what_is_there() -> bool:
    """The newest seal or an id number; where there is neither, nothing depends on a key."""
    seal = Seal.objects.order_by("sequence").last()
    if seal is not None and _was_made_with_our_key(seal):
        return True
    encrypted = Person.objects.filter(national_id_encrypted__isnull=False).order_by("-pk")
    number = encrypted.values_list("national_id_encrypted", flat=True).first()
    if number is None:
        return seal is None
    try:
        decrypt("national_id", bytes(number))
    except CryptoError:
        return False
    return True


def _was_made_with_our_key(seal: Seal) -> bool:
    if seal.format_number > 1:
        return digest_of_link(seal) == seal.digest
    return any(digest_of_first_link(*of_revision) == seal.digest for of_revision in revision_seals([seal]))


def _record() -> None:
    """Also where other keys are recorded: then the database holds no data."""
    in_use = settings.KEYS.key_ids()
    with transaction.atomic():
        KnownKey.objects.exclude(name__in=in_use).delete()
        KnownKey.objects.bulk_create(
            [KnownKey(name=name, key_id=key_id) for name, key_id in in_use.items()],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["key_id"],
        )
