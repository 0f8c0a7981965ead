from django.db import migrations, models


def record_what_is_stated(apps, schema_editor):
    """Postings with a source or a notice have a record; of the others nobody knows whether they were asked."""
    postings = apps.get_model("staffing", "Posting").objects
    postings.exclude(recruitment_source="", recruitment_notice="").update(recruitment_recorded=True)


class Migration(migrations.Migration):
    dependencies = [("staffing", "0001_initial"), ("townships", "0001_initial")]

    operations = [
        migrations.AddField(
            "posting", "recruitment_recorded", models.BooleanField("有招聘记录", null=True, blank=True)
        ),
        migrations.RunPython(record_what_is_stated, migrations.RunPython.noop),
        migrations.AddConstraint(
            "posting",
            models.CheckConstraint(
                condition=models.Q(recruitment_source="", recruitment_notice="")
                | models.Q(recruitment_recorded__isnull=False, recruitment_recorded=True),
                name="posting_recruitment_is_recorded_where_stated",
                violation_error_message="填写了人员来源或招聘公告的,即有招聘记录。",
            ),
        ),
    ]
