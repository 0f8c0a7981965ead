"""The chain of seals, whose table was made with the months."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.guards import GUARDS
from foundation.triggers import InstallTriggers


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_event_bears_time_of_its_seal"),
        ("subsidies", "0011_seals_by_subject"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sequence", models.PositiveBigIntegerField(unique=True)),
                        ("revision_id", models.BigIntegerField(db_index=True, null=True)),
                        ("action", models.CharField(max_length=20)),
                        ("content", models.CharField(max_length=64)),
                        ("marks", models.BinaryField()),
                        ("step", models.JSONField(null=True)),
                        ("previous", models.CharField(blank=True, max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                        ("sealed_at", models.DateTimeField()),
                        ("format", models.PositiveSmallIntegerField(null=True)),
                        ("subject_type", models.CharField(max_length=40, null=True)),
                        ("subject_id", models.BigIntegerField(null=True)),
                        ("key", models.CharField(max_length=16, null=True)),
                        (
                            "sealed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "subsidies_seal",
                        "ordering": ("sequence",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="seal_by_subject")],
                    },
                ),
            ],
        ),
        InstallTriggers(GUARDS),
    ]
