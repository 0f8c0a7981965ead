"""An event names another user in whose stead it was done; events of before say nothing of that."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.guards import GUARDS
from foundation.triggers import InstallTriggers


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_seal")]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="on_behalf_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.user"
            ),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="on_behalf_of_name",
            field=models.CharField(max_length=60, null=True),
        ),
        InstallTriggers(GUARDS),
    ]
