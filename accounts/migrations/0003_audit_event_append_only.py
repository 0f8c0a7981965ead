"""Triggers that make the audit append-only."""

from django.db import migrations

from accounts.guards import GUARDS
from foundation.triggers import InstallTriggers


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_township")]

    operations = [InstallTriggers(GUARDS)]
