from django.db import migrations, models

from foundation.crypto import blind_index, decrypt
from staffing.names import initials


def fill(apps, schema_editor):
    """Initials of every name, and the index of the last four characters of every id number; it held the last six."""
    persons = apps.get_model("staffing", "Person").objects
    keys = list(persons.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        some = list(persons.filter(pk__in=keys[start : start + 500]))
        for person in some:
            person.initials = initials(person.name)
            if person.national_id_encrypted is not None:
                number = decrypt("national_id", bytes(person.national_id_encrypted))
                person.national_id_tail_index = blind_index("national_id_tail", number[-4:])
        persons.bulk_update(some, ["initials", "national_id_tail_index"])


class Migration(migrations.Migration):
    dependencies = [("staffing", "0004_pending_import")]

    operations = [
        migrations.AddField(
            "person",
            "initials",
            models.CharField("拼音首字母", max_length=200, blank=True, default="", db_default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
