"""Enter a contest, change the entry before the first attempt, withdraw it, and make it anonymous."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.contests.choices import AGES_OF_BAND, AgeBand, Identity
from content.contests.models import Contest, Entry
from content.contests.states import ContestStatus
from content.copies import refuse_taking_part
from content.errors import RuleBroken
from content.organisations.models import Province
from content.organisations.queries import valid_on
from content.people.models import Reader
from content.vietnam_time import today


@transaction.atomic
def enter(
    contest: Contest,
    reader: Reader,
    *,
    age_band: str,
    consent: bool,
    bracket: str = "",
    province: Province | None = None,
    unit: str = "",
) -> tuple[Entry, bool]:
    """Enter a contest. Returns (entry, created). Entering again replaces the entry until the first attempt.

    Raises RuleBroken with the field: "contest_not_open", "sign_in_required", "consent_required", "unknown_bracket",
    "unknown_unit", "province_not_valid", "unknown_age_band", "age_not_allowed", "entry_locked" (another entry than the
    one that the first attempt locked), "disqualified". "not_ours": contestants of a copy take part at its home.
    """
    refuse_taking_part(contest)
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)  # of two at once the second waits
    _refuse_contest(contest, reader)
    if not consent:
        message = _("Agree that your answers are stored for this contest, or do not take part.")
        raise RuleBroken("consent_required", message, field="consent")
    _refuse_columns(contest, bracket, province, unit, age_band)
    columns: dict[str, Any] = {"bracket": bracket, "province": province, "unit": unit, "age_band": age_band}
    entry = _locked_entry(contest, reader)
    if entry is None:
        return Entry.objects.create(contest=contest, reader=reader, consented_at=timezone.now(), **columns), True
    if all(getattr(entry, name) == value for name, value in columns.items()):
        return entry, False
    _refuse_locked(entry)
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.consented_at = timezone.now()
    entry.save(update_fields=[*columns, "consented_at"])
    return entry, False


@transaction.atomic
def withdraw_entry(contest: Contest, reader: Reader) -> None:
    """Delete the reader's entry. A no-op without one. Raises RuleBroken("entry_locked", "disqualified")."""
    refuse_taking_part(contest)
    entry = _locked_entry(contest, reader)
    if entry:
        _refuse_locked(entry)
        entry.delete()


@transaction.atomic
def anonymise_entries(reader: Reader) -> list[Entry]:
    """Take the reader, the province and the unit out of all entries of a reader. Returns those that have results.

    Codes and results stay. Entries without a ranked attempt are deleted, and so are practice attempts. The caller
    counts the results again.
    """
    locked = Entry.objects.select_for_update(no_key=True, of=("self",)).filter(reader=reader).order_by("pk")
    kept = []
    for entry in locked.select_related("contest"):
        entry.attempts.filter(round__is_practice=True).delete()
        if not entry.attempts.exists():
            entry.delete()
            continue
        entry.reader, entry.province, entry.unit = None, None, ""
        entry.save(update_fields=["reader", "province", "unit"])
        kept.append(entry)
    return kept


def _locked_entry(contest: Contest, reader: Reader) -> Entry | None:
    return Entry.objects.select_for_update(no_key=True).filter(contest=contest, reader=reader).first()


def _refuse_locked(entry: Entry) -> None:
    if entry.disqualified_at:  # a new entry would have another code, and no disqualification
        raise RuleBroken("disqualified", _("You were taken out of this contest."))
    if entry.attempts.exists():
        message = _("Your first attempt has fixed your entry. It can no longer be changed.")
        raise RuleBroken("entry_locked", message)


def _refuse_contest(contest: Contest, reader: Reader) -> None:
    if contest.status != ContestStatus.ANNOUNCED:
        raise RuleBroken("contest_not_open", _("This contest takes no entries."))
    if contest.identity == Identity.SIGNED_IN and not reader.firebase_uid:
        raise RuleBroken("sign_in_required", _("Sign in to take part in this contest."))


def _refuse_columns(contest: Contest, bracket: str, province: Province | None, unit: str, age_band: str) -> None:
    if bracket not in (contest.brackets or [""]):
        raise RuleBroken("unknown_bracket", _("Choose one of the brackets of this contest."), field="bracket")
    if unit and unit not in contest.units:
        raise RuleBroken("unknown_unit", _("Choose one of the units of this contest, or none."), field="unit")
    if province and not valid_on(Province.objects.filter(pk=province.pk), today()).exists():
        message = _("%s does not exist today. Choose another province.") % province.name
        raise RuleBroken("province_not_valid", message, field="province")
    if age_band not in AgeBand.values:
        raise RuleBroken("unknown_age_band", _("Choose one of the age groups."), field="age_band")
    youngest, oldest = AGES_OF_BAND[AgeBand(age_band)]
    first, last = contest.min_age or 0, oldest if contest.max_age is None else contest.max_age
    if youngest > last or oldest < first:
        raise RuleBroken("age_not_allowed", _("This contest is not for your age."), field="age_band")
