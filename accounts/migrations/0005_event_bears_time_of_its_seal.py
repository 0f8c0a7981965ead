"""An event is given its time: a sealed one bears that of its seal."""

import django.utils.timezone
from django.db import migrations, models

from accounts.guards import GUARDS
from foundation.triggers import InstallTriggers


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_answered_request")]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now),
        ),
        InstallTriggers(GUARDS),
    ]
