"""The codes of playlists and channels. Only the staff site answers with them."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_TO_DO = {  # code: (what is wrong, what to do)
    "empty_playlist": (_("A public playlist has no public material."), _("Add a published material.")),
    "material_twice": (_("A material is in the playlist twice."), _("Remove one of the two lines.")),
    "too_many_materials": (_("The playlist has too many materials."), _("Make two playlists.")),
    "unknown_material": (_("No material has this key."), _("Copy the key from the page of the material.")),
    "playlist_in_use": (_("A public channel is filled by the playlist."), _("Give the channel another one first.")),
    "playlist_not_public": (_("The playlist is not public."), _("Make it public first.")),
    "nothing_to_play": (_("A channel cannot play this."), _("Choose a picture or a recording that is here.")),
    "slot_overlaps": (_("Another slot is at this time."), _("Remove it, or choose another time.")),
    "slot_in_the_past": (_("This time is over."), _("Choose a later one.")),
    "slot_too_long": (_("A slot lasts at most one day."), _("Plan several slots.")),
    "slot_too_far": (_("The slot is more than a year ahead."), _("Choose an earlier time.")),
    "end_required": (_("The slot has no end."), _("Enter its end.")),
    "material_or_address": (_("A slot has a material or a live address."), _("Enter one of the two.")),
}
CHANNEL_CODES = [ProblemCode(code, ProblemScope.STAFF, *words) for code, words in _TO_DO.items()]
