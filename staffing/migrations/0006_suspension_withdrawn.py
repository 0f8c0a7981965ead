from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staffing", "0005_person_found_by_initials_and_tail")]

    operations = [
        migrations.AddField("suspension", "withdrawn_at", models.DateTimeField("撤销时间", null=True, blank=True)),
        migrations.AddField(
            "suspension",
            "withdrawn_reason",
            models.CharField("撤销原因", max_length=200, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "suspension",
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | ~models.Q(withdrawn_reason=""),
                name="suspension_withdrawn_with_a_reason",
                violation_error_message="撤销停发须写明原因。",
            ),
        ),
    ]
