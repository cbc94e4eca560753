"""The services of materials: for staff, for the change log, and for the scheduler."""

from content.media.services.alternatives import confirm_alternatives
from content.media.services.cleanup import delete_unused_files, register_lost_files
from content.media.services.drafts import revise_material, write_material, write_variant
from content.media.services.files import (
    ROLE_TYPES,
    CheckedFile,
    add_file,
    checked_file_of_copy,
    give_file_of_copy,
    remove_file,
    remove_files_of_copy,
)
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
    "ROLE_TYPES",
    "CheckedFile",
    "add_file",
    "checked_file_of_copy",
    "confirm_alternatives",
    "confirm_material",
    "correct_material",
    "delete_unused_files",
    "flag_outdated_materials",
    "give_file_of_copy",
    "publish_material",
    "publish_sample_materials",
    "register_lost_files",
    "remove_file",
    "remove_files_of_copy",
    "remove_sample_materials",
    "return_material",
    "revise_material",
    "submit_material",
    "withdraw_material",
    "write_material",
    "write_variant",
]
