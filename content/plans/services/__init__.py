"""The services of plans. `by` is a User, or None for the system.

Each verb is one transaction with one audit row, and one line of the change log where something public changes.
"""

from content.plans.services.duties import charge, declare_none
from content.plans.services.forms import FileBytes, MeasurementForm, PlanForm
from content.plans.services.measurements import approve, measure
from content.plans.services.plans import correct_plan, publish_plan, withdraw_plan, write_plan

__all__ = [
    "FileBytes",
    "MeasurementForm",
    "PlanForm",
    "approve",
    "charge",
    "correct_plan",
    "declare_none",
    "measure",
    "publish_plan",
    "withdraw_plan",
    "write_plan",
]
