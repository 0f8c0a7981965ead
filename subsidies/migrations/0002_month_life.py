"""Reports, adjustments, seals and issued sheets; every state of a run with its times; triggers over what was sent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.money
from foundation.triggers import InstallTriggers
from subsidies.guards import GUARDS


def _times_of_earlier_runs(apps, schema_editor):
    """What was approved before there was a review counts as sent when it was approved, and settled its month."""
    run_model, revision_model = apps.get_model("subsidies", "SubsidyRun"), apps.get_model("subsidies", "Revision")
    for run in run_model.objects.filter(state="approved"):
        run_model.objects.filter(pk=run.pk).update(sent_at=run.approved_at)
        revision_model.objects.filter(pk=run.current_revision_id).update(sent_at=run.approved_at)
    for revision in revision_model.objects.select_related("run"):
        revision.allocations.update(settled_until=revision.run.month)


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0004_pending_import"),
        ("subsidies", "0001_initial"),
        ("townships", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("check_name", models.CharField(max_length=30, verbose_name="检查")),
                ("fact", models.CharField(max_length=200, verbose_name="事实")),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                ("acknowledged_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="月份")),
                ("for_month", models.DateField(verbose_name="所属月份")),
                ("amount", foundation.money.MoneyField(verbose_name="金额")),
                ("document", models.CharField(max_length=200, verbose_name="依据文件")),
                ("reason", models.CharField(max_length=300, verbose_name="原因")),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="AdjustmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_name", models.CharField(blank=True, max_length=60)),
                ("for_month", models.DateField(verbose_name="所属月份")),
                ("amount", foundation.money.MoneyField(verbose_name="金额")),
                ("document", models.CharField(max_length=200, verbose_name="依据文件")),
                ("reason", models.CharField(max_length=300, verbose_name="原因")),
            ],
            options={
                "ordering": ("allocation", "adjustment"),
            },
        ),
        migrations.CreateModel(
            name="KeptStaffing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rows", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(unique=True)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("calculate", "核算"),
                            ("send", "送审"),
                            ("approve", "审批"),
                            ("return", "退回"),
                            ("void", "作废"),
                        ],
                        max_length=20,
                    ),
                ),
                ("content", models.CharField(max_length=64)),
                ("marks", models.BinaryField()),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("sequence",),
            },
        ),
        migrations.CreateModel(
            name="SheetFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(max_length=4, verbose_name="表号")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                ("filename", models.CharField(max_length=120, verbose_name="文件名")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="TownshipReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="月份")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "已上报"),
                            ("returned", "退回"),
                            ("accepted", "审核通过"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("submission", models.PositiveSmallIntegerField(default=0, verbose_name="上报次数")),
                ("facts", models.JSONField(default=dict, verbose_name="上报内容")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="上报时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="审核时间")),
                ("return_reason", models.CharField(blank=True, max_length=500, verbose_name="退回原因")),
                ("posting_reasons", models.JSONField(default=dict, verbose_name="逐人退回原因")),
            ],
            options={
                "ordering": ("-month", "township"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="subsidyrun",
            name="one_unapproved_run",
        ),
        migrations.RemoveConstraint(
            model_name="subsidyrun",
            name="run_state_agrees_with_its_times",
        ),
        migrations.AddField(
            model_name="allocation",
            name="settled_until",
            field=models.DateField(null=True, verbose_name="已结算至"),
        ),
        migrations.AddField(
            model_name="allocationline",
            name="details",
            field=models.JSONField(default=list, verbose_name="登记情况"),
        ),
        migrations.AddField(
            model_name="ledgerparameters",
            name="report_due_day",
            field=models.PositiveSmallIntegerField(default=25, verbose_name="月报截止日"),
        ),
        migrations.AddField(
            model_name="revision",
            name="sent_at",
            field=models.DateTimeField(null=True, verbose_name="送审时间"),
        ),
        migrations.AddField(
            model_name="subsidyrun",
            name="returned_at",
            field=models.DateTimeField(null=True, verbose_name="退回时间"),
        ),
        migrations.AddField(
            model_name="subsidyrun",
            name="sent_at",
            field=models.DateTimeField(null=True, verbose_name="送审时间"),
        ),
        migrations.AddField(
            model_name="subsidyrun",
            name="voided_at",
            field=models.DateTimeField(null=True, verbose_name="作废时间"),
        ),
        migrations.AlterField(
            model_name="subsidyrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("calculated", "已核算"),
                    ("in_review", "待审批"),
                    ("approved", "已审批"),
                    ("returned", "退回"),
                    ("voided", "作废"),
                ],
                default="calculated",
                max_length=20,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(_times_of_earlier_runs, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="subsidyrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["calculated", "in_review", "returned"])),
                fields=("county",),
                name="one_unapproved_run",
                violation_error_message="还有一次核算未审批。",
            ),
        ),
        migrations.AddConstraint(
            model_name="subsidyrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_at__isnull", True),
                        ("returned_at__isnull", True),
                        ("sent_at__isnull", True),
                        ("state", "calculated"),
                        ("voided_at__isnull", True),
                    ),
                    models.Q(
                        ("approved_at__isnull", True),
                        ("returned_at__isnull", True),
                        ("sent_at__isnull", False),
                        ("state", "in_review"),
                        ("voided_at__isnull", True),
                    ),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("returned_at__isnull", True),
                        ("sent_at__isnull", False),
                        ("state", "approved"),
                        ("voided_at__isnull", True),
                    ),
                    models.Q(
                        ("approved_at__isnull", True),
                        ("returned_at__isnull", False),
                        ("sent_at__isnull", False),
                        ("state", "returned"),
                        ("voided_at__isnull", True),
                    ),
                    models.Q(("approved_at__isnull", True), ("state", "voided"), ("voided_at__isnull", False)),
                    _connector="OR",
                ),
                name="run_state_agrees_with_its_times",
                violation_error_message="状态与送审、审批、退回、作废的时间不符。",
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="acknowledged_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="posting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acknowledgements",
                to="staffing.posting",
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="township",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="acknowledgements", to="townships.township"
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="townships.grassrootsunit",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="county",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="townships.county"
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="entered_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staffing.person",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="township",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="townships.township"
            ),
        ),
        migrations.AddField(
            model_name="adjustmentline",
            name="adjustment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="subsidies.adjustment"
            ),
        ),
        migrations.AddField(
            model_name="adjustmentline",
            name="allocation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="subsidies.allocation"
            ),
        ),
        migrations.AddField(
            model_name="keptstaffing",
            name="revision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="staffing", to="subsidies.revision"
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="seals", to="subsidies.revision"
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="sealed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sheetfile",
            name="issued_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sheetfile",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sheet_files", to="subsidies.revision"
            ),
        ),
        migrations.AddField(
            model_name="sheetfile",
            name="township",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="townships.township"
            ),
        ),
        migrations.AddField(
            model_name="townshipreport",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="townshipreport",
            name="submitted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="townshipreport",
            name="township",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="townships.township"
            ),
        ),
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(fields=["township", "check_name"], name="acknowledgement_by_check"),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True),
                name="adjustment_is_an_amount",
                violation_error_message="调整金额不能为零。",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("for_month__day", 1), ("for_month__lte", models.F("month")), ("month__day", 1)),
                name="adjustment_months_are_firsts",
                violation_error_message="所属月份不能晚于核算月份。",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustmentline",
            constraint=models.UniqueConstraint(
                fields=("allocation", "adjustment"),
                name="one_line_an_adjustment",
                violation_error_message="同一调整每版只能有一条。",
            ),
        ),
        migrations.AddConstraint(
            model_name="townshipreport",
            constraint=models.UniqueConstraint(
                fields=("township", "month"),
                name="one_report_a_township_and_month",
                violation_error_message="这个月的月报已经有了。",
            ),
        ),
        migrations.AddConstraint(
            model_name="townshipreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)),
                name="report_month_is_a_first",
                violation_error_message="月份须为当月一日。",
            ),
        ),
        migrations.AddConstraint(
            model_name="townshipreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "draft"), ("submitted_at__isnull", True)),
                    models.Q(("decided_at__isnull", True), ("state", "submitted"), ("submitted_at__isnull", False)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state__in", ["accepted", "returned"]),
                        ("submitted_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="report_state_agrees_with_its_times",
                violation_error_message="月报状态与上报、审核的时间不符。",
            ),
        ),
        InstallTriggers(GUARDS),
    ]
