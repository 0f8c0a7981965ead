"""The masked form of an id number stands beside the encrypted one: sheets of a county name hundreds of people."""

from django.db import migrations, models

from foundation.crypto import decrypt
from staffing.national_id import masked


def mask_what_is_stored(apps, schema_editor):
    people = apps.get_model("staffing", "Person").objects
    for person in people.filter(national_id_encrypted__isnull=False).iterator():
        person.national_id_masked = masked(decrypt("national_id", bytes(person.national_id_encrypted)))
        person.save(update_fields=["national_id_masked"])


class Migration(migrations.Migration):
    dependencies = [("staffing", "0002_recruitment_recorded")]

    operations = [
        migrations.AddField(
            "person",
            "national_id_masked",
            models.CharField(max_length=18, blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(mask_what_is_stored, migrations.RunPython.noop),
    ]
