"""Names of permissions for the staff site, translated. The names stored with them are English."""

from django.apps import apps
from django.contrib.auth.models import Permission
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

VERB_LABELS = {
    "view": gettext_lazy("see"),
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "publish": gettext_lazy("publish"),
    "steer": gettext_lazy("resend and cancel"),
    "delete": gettext_lazy("delete"),
    "confirm": gettext_lazy("confirm"),
    "screen": gettext_lazy("screen"),
    "answer": gettext_lazy("answer questions"),
    "approve": gettext_lazy("approve"),
    "read": gettext_lazy("read the original text"),
    "announce": gettext_lazy("announce, move and cancel"),
    "freeze": gettext_lazy("freeze rounds"),
    "judge": gettext_lazy("void questions, disqualify and publish results"),
    "manage": gettext_lazy("add, confirm, pause and begin anew"),
    "decide": gettext_lazy("decide"),
    "identify": gettext_lazy("ask who they are, read it and verify it"),
    "check": gettext_lazy("see registrations and check people in"),
}
OWN_VERB_LABELS = {"publish": gettext_lazy("publish their own"), "announce": gettext_lazy("announce their own")}


def permission_label(permission: Permission) -> tuple[str, str | Promise]:
    """(what, what may be done with it). Raises KeyError for a verb without a label here."""
    verb, _dash, model = permission.codename.partition("_")
    if model == "change":
        what = _("entry of the change log")
    else:
        what = _(
            str(apps.get_model(permission.content_type.app_label, permission.content_type.model)._meta.verbose_name)
        )
    return what, OWN_VERB_LABELS[verb] if model.startswith("own_") else VERB_LABELS[verb]
