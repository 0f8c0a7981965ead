from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0015_rows_of_qualifications"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="posting",
            name="posting_recruitment_is_recorded_where_stated",
        ),
        migrations.RemoveField(
            model_name="person",
            name="education",
        ),
        migrations.RemoveField(
            model_name="person",
            name="has_computer_skill",
        ),
        migrations.RemoveField(
            model_name="posting",
            name="is_full_time",
        ),
        migrations.RemoveField(
            model_name="posting",
            name="recruitment_notice",
        ),
        migrations.RemoveField(
            model_name="posting",
            name="recruitment_recorded",
        ),
        migrations.RemoveField(
            model_name="posting",
            name="recruitment_source",
        ),
    ]
