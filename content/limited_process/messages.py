"""Why a file was not read to its end, in the words of the person who chose it."""

from django.utils.translation import gettext as _

from content.limited_process.parent import ReadingStopped, StopReason


def words_of_stop(stopped: ReadingStopped) -> str:
    """What is wrong and what to do, in words."""
    match stopped.reason:
        case StopReason.TIME:
            words = _(
                "Reading this takes more than %d seconds, so it was stopped. Remove what is not text of the document, "
                "or save it in another format and choose the new file."
            )
            return words % stopped.seconds
        case StopReason.MEMORY | StopReason.SIZE:
            return _(
                "Reading this needs more memory than allowed. Remove what is not text of the document, or save it in "
                "another format and choose the new file."
            )
        case StopReason.BUSY:
            return _("Other files are being read. Try again in a minute.")
        case StopReason.DAMAGED:
            return _("The file is damaged and cannot be read to its end. Save it again and choose the new file.")
        case StopReason.ERROR:
            return _("This cannot be read. Save it in another format and choose the new file.")
