"""Policy that an approved month may rest on is kept by the database."""

from django.db import migrations

from foundation.triggers import InstallTriggers
from subsidies.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0006_report_since"),
    ]

    operations = [
        InstallTriggers(GUARDS),
    ]
