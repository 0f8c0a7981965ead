"""Times go with states, and the ledger's first month with the first approval: the database says so.

The constraint of reports asks the same as before, state by state.
"""

from django.db import migrations, models

from foundation.triggers import InstallTriggers
from subsidies.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("subsidies", "0009_amounts_of_lines"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="townshipreport",
            name="report_state_agrees_with_its_times",
        ),
        migrations.AddConstraint(
            model_name="townshipreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("state", "draft"),
                        ("submitted_at__isnull", True),
                    ),
                    models.Q(
                        ("decided_at__isnull", True),
                        ("state", "submitted"),
                        ("submitted_at__isnull", False),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state", "accepted"),
                        ("submitted_at__isnull", False),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state", "returned"),
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
