"""The services of materials: for staff, for the change log, and for the scheduler."""

from content.media.services.alternatives import confirm_alternatives
from content.media.services.cleanup import delete_unused_files, register_lost_files
from content.media.services.drafts import revise_material, write_material, write_variant
from content.media.services.files import add_file, remove_file
from content.media.services.lifecycle import (
    confirm_material,
    correct_material,
    publish_material,
    return_material,
    submit_material,
    withdraw_material,
)
from content.media.services.outdated import flag_outdated_materials
from content.media.services.samples import publish_sample_materials, remove_sample_materials

__all__ = [
    "add_file",
    "confirm_alternatives",
    "confirm_material",
    "correct_material",
    "delete_unused_files",
    "flag_outdated_materials",
    "publish_material",
    "publish_sample_materials",
    "register_lost_files",
    "remove_file",
    "remove_sample_materials",
    "return_material",
    "revise_material",
    "submit_material",
    "withdraw_material",
    "write_material",
    "write_variant",
]
