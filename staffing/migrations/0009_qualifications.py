import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import foundation.constraints


class Migration(migrations.Migration):
    dependencies = [
        ("staffing", "0008_imported_change_of_a_row"),
        ("townships", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Secondment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("home_unit", models.CharField(max_length=100, verbose_name="原单位")),
                (
                    "kind",
                    models.CharField(
                        choices=[("civil_servant", "公务员"), ("institution", "事业"), ("other", "其他")],
                        max_length=20,
                        verbose_name="编制性质",
                    ),
                ),
                ("started_on", models.DateField(verbose_name="借调起始")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="借调终止")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文件")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
            ],
        ),
        migrations.CreateModel(
            name="WorkingTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_from", models.DateField(blank=True, null=True, verbose_name="执行日期")),
                ("is_full_time", models.BooleanField(verbose_name="专职")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="依据文件")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
            ],
        ),
        migrations.AddField(
            model_name="posting",
            name="source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("open_recruitment", "公开招聘"),
                    ("internal_transfer", "内部调剂"),
                    ("secondment", "借调"),
                    ("public_welfare_post", "公益性岗位"),
                    ("village_cadre", "村(居)干部兼任"),
                    ("other", "其他或未说明"),
                ],
                db_default="",
                default="",
                max_length=30,
                verbose_name="人员来源",
            ),
        ),
        migrations.CreateModel(
            name="KinDeclaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declared_encrypted", models.BinaryField()),
                ("signed_on", models.DateField(verbose_name="签字日期")),
                ("paper", models.CharField(blank=True, max_length=200, verbose_name="存档材料")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kin_declarations",
                        to="staffing.posting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("education", "学历"), ("computer", "计算机操作"), ("certificate", "证书")],
                        max_length=20,
                        verbose_name="种类",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("primary", "小学"),
                            ("junior_secondary", "初中"),
                            ("senior_secondary", "高中"),
                            ("vocational", "中专"),
                            ("college", "大专"),
                            ("bachelor", "本科"),
                            ("postgraduate", "研究生"),
                            ("none", "不熟悉"),
                            ("skilled", "熟悉"),
                        ],
                        max_length=20,
                        verbose_name="程度",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="证书名称")),
                ("obtained_on", models.DateField(blank=True, null=True, verbose_name="取得日期")),
                ("paper", models.CharField(blank=True, max_length=200, verbose_name="证明材料")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                (
                    "import_batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualifications",
                        to="staffing.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualifications",
                        to="staffing.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecruitmentRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("notice_title", models.CharField(max_length=200, verbose_name="招聘公告")),
                ("notice_number", models.CharField(blank=True, max_length=100, verbose_name="公告文号")),
                ("noticed_on", models.DateField(blank=True, null=True, verbose_name="公告日期")),
                ("publicised_from", models.DateField(blank=True, null=True, verbose_name="拟聘公示起")),
                ("publicised_until", models.DateField(blank=True, null=True, verbose_name="拟聘公示止")),
                ("objections", models.CharField(blank=True, max_length=500, verbose_name="公示异议")),
                ("approval", models.CharField(blank=True, max_length=200, verbose_name="聘用批文")),
                ("paper", models.CharField(blank=True, max_length=200, verbose_name="存档材料")),
                ("is_historical", models.BooleanField(default=False, verbose_name="历史登记")),
                ("stated_source", models.CharField(blank=True, max_length=100, verbose_name="原登记的人员来源")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                (
                    "township",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recruitment_rounds",
                        to="townships.township",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="posting",
            name="recruitment_round",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="staffing.recruitmentround",
                verbose_name="公开招聘",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recruitment_round__isnull", True), ("source", "open_recruitment"), _connector="OR"
                ),
                name="posting_of_a_round_is_openly_recruited",
                violation_error_message="选择了公开招聘场次的,人员来源须为公开招聘。",
            ),
        ),
        migrations.AddField(
            model_name="secondment",
            name="posting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="secondments", to="staffing.posting"
            ),
        ),
        migrations.AddField(
            model_name="workingtime",
            name="posting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="working_times", to="staffing.posting"
            ),
        ),
        migrations.AddConstraint(
            model_name="kindeclaration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("posting",),
                name="kin_declared_once",
                violation_error_message="这次到岗已有近亲属关系声明,请先撤销原来的。",
            ),
        ),
        migrations.AddConstraint(
            model_name="kindeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"
                ),
                name="kin_declaration_withdrawn_with_a_reason",
                violation_error_message="撤销近亲属关系声明须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "education"),
                        (
                            "level__in",
                            [
                                "primary",
                                "junior_secondary",
                                "senior_secondary",
                                "vocational",
                                "college",
                                "bachelor",
                                "postgraduate",
                            ],
                        ),
                    ),
                    models.Q(("kind", "computer"), ("level__in", ["none", "skilled"])),
                    models.Q(("kind", "certificate"), ("level", ""), models.Q(("name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="qualification_level_is_of_its_kind",
                violation_error_message="学历和计算机操作须选择程度,证书须填写名称。",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("person", "kind", "level", "name", "obtained_on"),
                name="qualification_once_a_day",
                violation_error_message="这项资格已经登记过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("obtained_on__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("person", "kind", "name"),
                name="qualification_of_unknown_day_once",
                violation_error_message="同一种资格已有一条取得日期不明的登记,请先撤销那一条,或填写取得日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"
                ),
                name="qualification_withdrawn_with_a_reason",
                violation_error_message="撤销资格须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="recruitmentround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publicised_until__isnull", True),
                    models.Q(
                        ("publicised_from__isnull", False), ("publicised_until__gte", models.F("publicised_from"))
                    ),
                    _connector="OR",
                ),
                name="recruitment_publication_ends_after_it_starts",
                violation_error_message="拟聘公示止不能早于拟聘公示起。",
            ),
        ),
        migrations.AddConstraint(
            model_name="recruitmentround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_historical", False), ("withdrawn_at__isnull", True)),
                fields=("township", "notice_title", "notice_number"),
                name="recruitment_notice_once",
                violation_error_message="这份招聘公告已经登记过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="recruitmentround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"
                ),
                name="recruitment_withdrawn_with_a_reason",
                violation_error_message="撤销公开招聘须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True), ("ended_on__gte", models.F("started_on")), _connector="OR"
                ),
                name="secondment_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondment",
            constraint=foundation.constraints.PostgresExclusion(
                condition=models.Q(("withdrawn_at__isnull", True)),
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                expressions=[
                    ("posting", "="),
                    (
                        models.Func(
                            models.F("started_on"),
                            models.F("ended_on"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="secondments_of_a_posting_do_not_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="secondment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"
                ),
                name="secondment_withdrawn_with_a_reason",
                violation_error_message="撤销借调须写明原因。",
            ),
        ),
        migrations.AddConstraint(
            model_name="workingtime",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("posting", "effective_from"),
                name="working_time_once_a_day",
                violation_error_message="同一天只能有一条专兼职登记。",
            ),
        ),
        migrations.AddConstraint(
            model_name="workingtime",
            constraint=models.UniqueConstraint(
                condition=models.Q(("effective_from__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("posting",),
                name="working_time_from_the_first_day_once",
                violation_error_message="到岗时的专兼职只能有一条登记。",
            ),
        ),
        migrations.AddConstraint(
            model_name="workingtime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"
                ),
                name="working_time_withdrawn_with_a_reason",
                violation_error_message="撤销专兼职登记须写明原因。",
            ),
        ),
    ]
