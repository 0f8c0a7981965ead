"""A seal names its subject and its format; the model of seals goes to accounts, its table stays."""

import django.db.models.deletion
from django.db import migrations, models

from foundation.triggers import RemoveTriggers
from subsidies.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0010_times_go_with_states"),
    ]

    operations = [
        # They look at the table of seals, which SQLite remakes here; the next migrations install them again.
        RemoveTriggers(GUARDS),
        migrations.AlterField(
            model_name="seal",
            name="revision",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="subsidies.revision",
            ),
        ),
        migrations.AlterField(
            model_name="seal",
            name="action",
            field=models.CharField(max_length=20),
        ),
        migrations.AddField(model_name="seal", name="format", field=models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(model_name="seal", name="subject_type", field=models.CharField(max_length=40, null=True)),
        migrations.AddField(model_name="seal", name="subject_id", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="seal", name="key", field=models.CharField(max_length=16, null=True)),
        migrations.AddIndex(
            model_name="seal",
            index=models.Index(fields=["subject_type", "subject_id"], name="seal_by_subject"),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Seal")]),
    ]
