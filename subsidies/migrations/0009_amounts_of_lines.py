"""An index from which the amounts of lines are read, in place of one that another index begins with."""

import django.db.models.deletion
from django.db import migrations, models

from foundation.triggers import InstallTriggers
from subsidies.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0006_suspension_withdrawn"),
        ("subsidies", "0008_seal_step"),
    ]

    operations = [
        migrations.AlterField(
            model_name="allocationline",
            name="allocation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="subsidies.allocation",
            ),
        ),
        migrations.AddIndex(
            model_name="allocationline",
            index=models.Index(fields=["allocation", "for_month", "amount", "posting"], name="amounts_of_lines"),
        ),
        InstallTriggers(GUARDS),
    ]
