"""A seal covers what its event tells of the step."""

from django.db import migrations, models

from foundation.triggers import InstallTriggers
from subsidies.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0007_used_policy_is_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="seal",
            name="step",
            field=models.JSONField(null=True),
        ),
        InstallTriggers(GUARDS),
    ]
