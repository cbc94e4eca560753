"""The codes of broken rules of documents, questions, events and follows."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_RULE = ProblemScope.RULE
RULE_CODES = [
    ProblemCode(
        "wrong_status",
        _RULE,
        _("The action is not possible in the current status."),
        _("Reload it and choose an action that its status allows."),
    ),
    ProblemCode("not_public", _RULE, _("The object is not public."), _("Publish it first, or choose a public one.")),
    ProblemCode(
        "own_question", _RULE, _("Readers cannot rate their own question."), _("Leave the rating to other readers.")
    ),
    ProblemCode(
        "question_erased", _RULE, _("The reader who asked the question has erased it."), _("Remove it from your list.")
    ),
    ProblemCode("too_long", _RULE, _("The text is too long."), _("Shorten it.")),
    ProblemCode(
        "idempotency_key_reused",
        _RULE,
        _("Another request was sent with this Idempotency-Key."),
        _("Make a new key for a new request."),
    ),
    ProblemCode(
        "too_many_questions",
        _RULE,
        _("You, or others at your address, have asked the maximum number of questions for this hour."),
        _("Wait as many seconds as Retry-After says."),
    ),
    ProblemCode(
        "too_many_reports",
        _RULE,
        _("You have sent the maximum number of reports for today."),
        _("Wait as many seconds as Retry-After says."),
    ),
    ProblemCode(
        "kind_not_available",
        _RULE,
        _("Nothing of this kind ever happens to this object."),
        _("Choose other kinds of notification."),
    ),
    ProblemCode(
        "too_many_follows", _RULE, _("You already follow the maximum number of items."), _("Unfollow one first.")
    ),
    ProblemCode(
        "too_many_subscriptions",
        _RULE,
        _("Firebase accepts no more topics for this device."),
        _("Unfollow something first."),
    ),
    ProblemCode(
        "registration_closed",
        _RULE,
        _("Registration for the event is not open."),
        _("Check `registration_opens_at` and `registration_closes_at`."),
    ),
    ProblemCode(
        "name_not_requested", _RULE, _("The event does not ask for names."), _("Leave out `name` and `contact`.")
    ),
    ProblemCode(
        "consent_required",
        _RULE,
        _("Personal data and answers of a contest are stored only with consent."),
        _("Ask the reader, then send `consent: true`."),
    ),
    ProblemCode("event_not_ahead", _RULE, _("The event is over or cancelled."), _("Ask an ordinary question instead.")),
    ProblemCode(
        "not_ours",
        _RULE,
        _("This is a copy of an object of another installation."),
        _("Only its home can change it; the provenance names it."),
    ),
]
