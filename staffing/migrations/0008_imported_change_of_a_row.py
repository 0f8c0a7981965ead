from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0007_grant_ending"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="importedchange",
            name="imported_change_once",
        ),
        migrations.AddField(
            model_name="importedchange",
            name="after_encrypted",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="importedchange",
            name="before_encrypted",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="importedchange",
            name="subject_id",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="importedchange",
            name="subject_type",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=30),
        ),
        migrations.AddConstraint(
            model_name="importedchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("subject_type", "")),
                fields=("batch", "posting"),
                name="imported_change_once",
                violation_error_message="一次导入对一条在岗记录只记一条变更。",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("subject_type", ""), _negated=True),
                fields=("batch", "subject_type", "subject_id"),
                name="imported_change_once_a_row",
                violation_error_message="一次导入对一条记录只记一次变更前后的内容。",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("after_encrypted__isnull", True),
                        ("before_encrypted__isnull", True),
                        ("subject_id__isnull", True),
                        ("subject_type", ""),
                    ),
                    models.Q(
                        models.Q(("subject_type", ""), _negated=True),
                        ("after_encrypted__isnull", False),
                        ("subject_id__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="imported_change_of_a_row_has_values",
                violation_error_message="记明是哪条记录的变更,须有变更后的内容。",
            ),
        ),
    ]
