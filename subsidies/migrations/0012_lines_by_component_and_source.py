"""What lines hold from the second method on: component, source, share and surplus as levels; whose difference an
adjustment settles, and from which source."""

import django.db.models.deletion
from django.db import migrations, models

import foundation.money
from foundation.triggers import InstallTriggers
from subsidies.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0007_grant_ending"),
        ("subsidies", "0011_seals_by_subject"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="allocationline",
            name="one_line_a_posting_and_month",
        ),
        migrations.RemoveIndex(
            model_name="allocationline",
            name="amounts_of_lines",
        ),
        migrations.AddField(
            model_name="adjustment",
            name="posting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staffing.posting",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subsidies.fundsource",
            ),
        ),
        migrations.AddField(
            model_name="adjustmentline",
            name="posting_id",
            field=models.BigIntegerField(null=True, verbose_name="在岗记录"),
        ),
        migrations.AddField(
            model_name="adjustmentline",
            name="source_id",
            field=models.BigIntegerField(null=True, verbose_name="资金来源"),
        ),
        migrations.AddField(
            model_name="allocationline",
            name="by_source",
            field=models.JSONField(null=True, verbose_name="分来源金额"),
        ),
        migrations.AddField(
            model_name="allocationline",
            name="component",
            field=models.CharField(max_length=12, null=True, verbose_name="构成"),
        ),
        migrations.AddField(
            model_name="allocationline",
            name="share_level",
            field=foundation.money.MoneyField(null=True, verbose_name="镇街承担(累计)"),
        ),
        migrations.AddField(
            model_name="allocationline",
            name="source_id",
            field=models.BigIntegerField(null=True, verbose_name="资金来源"),
        ),
        migrations.AddField(
            model_name="allocationline",
            name="surplus_level",
            field=foundation.money.MoneyField(null=True, verbose_name="结余(累计)"),
        ),
        migrations.AddIndex(
            model_name="allocationline",
            index=models.Index(
                fields=["allocation", "for_month", "source_id", "amount", "posting"], name="amounts_of_lines"
            ),
        ),
        migrations.AddIndex(
            model_name="allocationline",
            index=models.Index(
                condition=models.Q(("by_source__isnull", False)),
                fields=["allocation", "for_month"],
                name="lines_of_several_sources",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("component__isnull", True)),
                fields=("allocation", "posting", "for_month"),
                name="one_line_a_posting_and_month",
                violation_error_message="同一在岗记录同一所属月份只能有一条明细。",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationline",
            constraint=models.UniqueConstraint(
                fields=("allocation", "posting", "for_month", "component"),
                name="one_line_a_posting_month_and_component",
                violation_error_message="同一在岗记录同一所属月份的每项补助只能有一条明细。",
            ),
        ),
        InstallTriggers(GUARDS),
    ]
