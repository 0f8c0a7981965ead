"""What stood in columns of people and postings becomes rows: held always where no day is known.

A recruitment that was recorded becomes a round that is marked as historical, one for each township, notice and source;
a posting that was asked for one and had none comes from elsewhere; where nobody asked nothing is known.
"""

from django.db import migrations

_HISTORICAL = "历史登记"
_SOME = 1000


def carry_over(apps, schema_editor):
    people, postings = apps.get_model("staffing", "Person").objects, apps.get_model("staffing", "Posting").objects
    qualification = apps.get_model("staffing", "Qualification")
    rows = []
    for person, education, skill in people.order_by("pk").values_list("pk", "education", "has_computer_skill"):
        if education:
            rows.append(qualification(person_id=person, kind="education", level=education))
        if skill is not None:
            rows.append(qualification(person_id=person, kind="computer", level="skilled" if skill else "none"))
    qualification.objects.bulk_create(rows, batch_size=_SOME)

    working_time = apps.get_model("staffing", "WorkingTime")
    known = postings.filter(is_full_time__isnull=False).order_by("pk").values_list("pk", "is_full_time")
    working_time.objects.bulk_create(
        [working_time(posting_id=posting, is_full_time=is_full_time) for posting, is_full_time in known],
        batch_size=_SOME,
    )

    rounds = apps.get_model("staffing", "RecruitmentRound").objects
    recorded = postings.filter(recruitment_recorded=True)
    stated = recorded.values_list("township_id", "recruitment_notice", "recruitment_source").distinct()
    for township, notice, source in stated.order_by("township_id", "recruitment_notice", "recruitment_source"):
        historical = rounds.create(
            township_id=township, notice_title=notice or _HISTORICAL, is_historical=True, stated_source=source
        )
        recorded.filter(township_id=township, recruitment_notice=notice, recruitment_source=source).update(
            source="open_recruitment", recruitment_round=historical
        )
    postings.filter(recruitment_recorded=False).update(source="other")


def put_back(apps, schema_editor):
    """The columns as far as they can hold it: what has no day."""
    models = {name: apps.get_model("staffing", name).objects for name in ("Person", "Posting", "Qualification")}
    for row in models["Qualification"].filter(withdrawn_at=None, obtained_on=None).exclude(kind="certificate"):
        stated = {"education": row.level} if row.kind == "education" else {"has_computer_skill": row.level != "none"}
        models["Person"].filter(pk=row.person_id).update(**stated)
    for row in apps.get_model("staffing", "WorkingTime").objects.filter(withdrawn_at=None, effective_from=None):
        models["Posting"].filter(pk=row.posting_id).update(is_full_time=row.is_full_time)
    for row in apps.get_model("staffing", "RecruitmentRound").objects.all():
        notice = "" if row.is_historical and row.notice_title == _HISTORICAL else row.notice_title
        models["Posting"].filter(recruitment_round=row).update(
            recruitment_recorded=True, recruitment_notice=notice, recruitment_source=row.stated_source
        )
    others = models["Posting"].exclude(source="").filter(recruitment_round=None)
    others.update(recruitment_recorded=False)


class Migration(migrations.Migration):
    dependencies = [("staffing", "0014_transfer")]

    operations = [migrations.RunPython(carry_over, put_back)]
