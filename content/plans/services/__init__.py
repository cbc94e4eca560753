"""The services of plans. `by` is a User, or None for the system.

Each verb is one transaction with one audit row, and one line of the change log where something public changes.
"""

from content.plans.services.duties import charge, declare_none
from content.plans.services.forms import FileBytes, MeasurementForm, PlanForm, TargetForm, Unsaid
from content.plans.services.measurements import approve, measure
from content.plans.services.plan_rules import fixed_columns, sha256_of
from content.plans.services.plans import (
    correct_plan,
    delete_unused_files,
    keep_file,
    publish_plan,
    withdraw_plan,
    write_plan,
)
from content.plans.services.targets import enter_target, publish_target

__all__ = [
    "FileBytes",
    "MeasurementForm",
    "PlanForm",
    "TargetForm",
    "Unsaid",
    "approve",
    "charge",
    "correct_plan",
    "declare_none",
    "delete_unused_files",
    "enter_target",
    "fixed_columns",
    "keep_file",
    "measure",
    "publish_plan",
    "publish_target",
    "sha256_of",
    "withdraw_plan",
    "write_plan",
]
