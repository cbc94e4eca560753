"""The codes of materials, their files and layers. Only the staff site answers with them."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_STAFF = ProblemScope.STAFF
_TO_DO = {  # code: (what is wrong, what to do)
    "unknown_file_type": (_("The first bytes are of no type that is taken."), _("Upload a type that the page names.")),
    "file_too_large": (_("The file is larger than its type may be."), _("Upload a smaller file.")),
    "file_empty": (_("The file is empty."), _("Choose another file.")),
    "wrong_file_type": (_("The file is of another type than its role asks for."), _("Choose another role or file.")),
    "file_and_address": (_("A material has a file or an external address."), _("Remove one of them first.")),
    "picture_not_readable": (_("The picture is damaged."), _("Save it again and upload it.")),
    "picture_too_large": (_("The picture has too many pixels."), _("Make it smaller.")),
    "pdf_not_readable": (_("The PDF is damaged, locked or too long."), _("Print it to a new PDF.")),
    "pdf_with_script": (_("The PDF runs a script or carries a file."), _("Print it to a new PDF.")),
    "not_playable": (_("Phones cannot play the recording."), _("Export it as H.264 with AAC.")),
    "captions_not_readable": (_("The file is no WebVTT in UTF-8."), _("Export the captions as WebVTT.")),
    "caption_not_readable": (_("The times of a caption cannot be read."), _("Correct the line that is named.")),
    "caption_ends_before_start": (_("A caption ends before it begins."), _("Correct its times.")),
    "captions_out_of_order": (_("A caption begins before the one above it."), _("Put them in order.")),
    "caption_after_the_end": (_("A caption ends after the recording."), _("Correct its times.")),
    "caption_with_markup": (_("A caption has HTML or a style."), _("Leave only text and the tags of WebVTT.")),
    "no_captions": (_("The file has no captions."), _("Choose another file.")),
    "not_accessible": (_("Not everybody can use the material yet."), _("Add what is named.")),
    "licence_required": (_("The material has no licence."), _("Enter one.")),
    "language_variant_exists": (_("The material has a variant in this language."), _("Correct that one.")),
    "summary_too_long": (_("A summary has too many words."), _("Shorten it to 120.")),
    "material_required": (_("The layer has no recording."), _("Choose a material.")),
    "material_of_another_kind": (_("The recording is of another kind or language."), _("Choose another.")),
    "material_not_public": (_("The recording is not public."), _("Publish the material first.")),
    "provision_changed": (_("The provision has other words than the writer read."), _("Revise the layer.")),
}
MATERIAL_CODES = [ProblemCode(code, _STAFF, *words) for code, words in _TO_DO.items()]
