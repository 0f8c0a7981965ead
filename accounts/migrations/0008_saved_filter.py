"""Filters of lists that their users gave a name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_event_in_whose_stead"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_name", models.CharField(max_length=20, verbose_name="表格")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="条件")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "list_name", "name"),
                        name="saved_filter_of_one_name",
                        violation_error_message="已有同名的常用筛选。",
                    )
                ],
            },
        ),
    ]
