"""Differences older than the window of a run, kept with its revision as hints."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import foundation.money
from foundation.triggers import InstallTriggers
from subsidies.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0005_person_found_by_initials_and_tail"),
        ("subsidies", "0003_report_scans"),
    ]

    operations = [
        migrations.CreateModel(
            name="OldDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("person_name", models.CharField(max_length=60)),
                ("position", models.CharField(max_length=30)),
                ("unit_name", models.CharField(blank=True, max_length=60)),
                ("for_month", models.DateField(verbose_name="所属月份")),
                ("due", foundation.money.MoneyField(verbose_name="应补")),
                ("posted_before", foundation.money.MoneyField(verbose_name="已补")),
                ("difference", foundation.money.MoneyField(verbose_name="差额")),
                ("cause", models.CharField(max_length=30)),
                (
                    "allocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="old_differences",
                        to="subsidies.allocation",
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="old_differences",
                        to="staffing.posting",
                    ),
                ),
            ],
            options={
                "ordering": ("allocation", "for_month", "posting"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("allocation", "posting", "for_month"),
                        name="one_old_difference_a_posting_and_month",
                        violation_error_message="同一在岗记录同一所属月份只能有一条差额。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "difference",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("due"), "-", models.F("posted_before")
                                ),
                            ),
                            models.Q(("difference", 0), _negated=True),
                        ),
                        name="old_difference_is_due_minus_posted",
                        violation_error_message="差额须等于应补减已补,不能为零。",
                    ),
                ],
            },
        ),
        InstallTriggers(GUARDS),
    ]
