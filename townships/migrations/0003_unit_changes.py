import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_predecessors(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Where a unit named the one before it, that one was converted into it on its first day."""
    unit, change = (apps.get_model("townships", name) for name in ("GrassrootsUnit", "UnitChange"))
    for later in unit.objects.filter(predecessor__isnull=False, opened_on__isnull=False):
        change.objects.create(earlier=later.predecessor, later=later, kind="converted", first_day=later.opened_on)


class Migration(migrations.Migration):
    dependencies = [
        ("townships", "0002_unit_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("merged", "并入"), ("converted", "改设为")], max_length=20, verbose_name="变动"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="执行日期")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文件或原因")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="townships.grassrootsunit",
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to="townships.grassrootsunit",
                    ),
                ),
            ],
            options={
                "ordering": ("first_day", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("earlier", "later"),
                        name="unit_follows_another_once",
                        violation_error_message="这两个村(社区)的变动已经登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("earlier", models.F("later")), _negated=True),
                        name="unit_does_not_follow_itself",
                        violation_error_message="村(社区)不能并入自己。",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_predecessors, migrations.RunPython.noop),
        migrations.RemoveField(model_name="grassrootsunit", name="predecessor"),
    ]
