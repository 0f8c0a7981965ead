"""A report says in which format its facts are kept; those sent up before are of the first and say nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0012_lines_by_component_and_source"),
    ]

    operations = [
        migrations.AddField(
            model_name="townshipreport",
            name="format",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="上报内容格式"),
        ),
    ]
