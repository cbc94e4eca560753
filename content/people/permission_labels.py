"""What a permission allows, in the words of the desk: its own name is stored in English."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

VERB_LABELS = {
    "view": gettext_lazy("see"),
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "publish": gettext_lazy("publish"),
    "steer": gettext_lazy("send again and cancel"),
    "delete": gettext_lazy("delete"),
    "confirm": gettext_lazy("confirm"),
    "screen": gettext_lazy("screen"),
    "answer": gettext_lazy("answer questions"),
    "approve": gettext_lazy("approve"),
    "read": gettext_lazy("read as it was asked"),
    "announce": gettext_lazy("announce, move and cancel"),
    "check": gettext_lazy("see who comes and check them in"),
}
OWN_VERB_LABELS = {"publish": gettext_lazy("publish one's own"), "announce": gettext_lazy("announce one's own")}


def permission_label(permission):
    """(what, may do). Raises KeyError for a verb nobody gave words to."""
    verb, _dash, model = permission.codename.partition("_")
    what = "line of the day-book" if model == "change" else permission.content_type.model_class()._meta.verbose_name
    return _(str(what)), OWN_VERB_LABELS[verb] if model.startswith("own_") else VERB_LABELS[verb]
