"""Lists are sorted by the pinyin of names, and people are found by the last four digits of their phone."""

from django.db import migrations, models

from foundation.crypto import blind_index, decrypt
from staffing.names import spelling


def fill(apps, schema_editor):
    """The pinyin of every name, and the index of the tail of every phone number."""
    persons = apps.get_model("staffing", "Person").objects
    keys = list(persons.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        some = list(persons.filter(pk__in=keys[start : start + 500]))
        for person in some:
            person.spelling = spelling(person.name)
            if person.phone_encrypted is not None:
                phone = decrypt("phone", bytes(person.phone_encrypted))
                person.phone_tail_index = blind_index("phone_tail", phone[-4:])
        persons.bulk_update(some, ["spelling", "phone_tail_index"])


class Migration(migrations.Migration):
    dependencies = [("staffing", "0017_unit_closed")]

    operations = [
        migrations.AddField(
            "person",
            "spelling",
            models.CharField("拼音", max_length=300, blank=True, default="", db_default="", editable=False),
        ),
        migrations.AddField(
            "person",
            "phone_tail_index",
            models.CharField(max_length=64, blank=True, default="", db_default="", db_index=True, editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("person", models.Index(fields=("spelling", "id"), name="person_by_spelling")),
    ]
