"""A report keeps from which month on its facts are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0005_policy_approved_by_two"),
    ]

    operations = [
        migrations.AddField(
            model_name="townshipreport",
            name="since",
            field=models.DateField(null=True, verbose_name="涉及月份起"),
        ),
    ]
