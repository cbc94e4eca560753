"""Why a person must look at a case before it is carried out: codes and their messages."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.relations.ending_reader import ReadingDoubt


class StoredDoubt(StrEnum):
    """A reason that comes from what is stored; `ReadingDoubt` has those that the words give."""

    SEVERAL = "several"  # two documents fit
    DIFFERS = "differs"  # day, type or name of the document are not those the act gives
    NOT_BEFORE = "not_before"  # the document was not issued before the act, or its day is not known
    RANK = "rank"  # the act ranks lower than the document, or its issuer did not issue that
    PAST_DAY = "past_day"  # the day is before the act was issued, or not after the document took effect
    NOT_IN_FORCE = "not_in_force"  # the act, or that provision of it, may not be in force, or say so, on that day
    PARTIAL_ACT = "partial_act"  # our copy of the act is not its full text
    MISREAD = "misread"  # the parser warned about that article
    ANOTHER_END = "another_end"  # another end is known
    REJECTED = "rejected"  # a person rejected the relation, or another case of the act about the document
    IN_PART = "in_part"  # a part of a document: an order to amend, or a person, ends it
    NOT_APPLIED = "not_applied"  # orders to amend that could not be carried out
    MISSING_ACT = "missing_act"  # an act that amended the document before is not stored
    CODIFIED = "codified"  # only codified articles of the document are stored, as they read on the day of import
    OFFICIAL = "official"  # an official list states otherwise
    SWITCHED_OFF = "switched_off"  # nothing is carried out by itself at present


CaseDoubt = ReadingDoubt | StoredDoubt

MESSAGES: dict[CaseDoubt, str | Promise] = {
    ReadingDoubt.EXCEPTION: _("The clause makes an exception."),
    ReadingDoubt.CONDITION: _("The clause depends on a condition or another event."),
    ReadingDoubt.NESTED: _("The document may only be named in the title of another one."),
    ReadingDoubt.UNKNOWN_WORDS: _("The clause contains words that were not understood."),
    ReadingDoubt.NAME_ONLY: _("The clause gives neither number nor year of the document."),
    ReadingDoubt.NO_DAY: _("The day is not known."),
    ReadingDoubt.SEVERAL_DAYS: _("The act gives several days for the end of the document."),
    ReadingDoubt.UNPLACED: _("Only a part ends, and the clause does not name its units."),
    ReadingDoubt.CONTINUES: _("The same article says that something of the document continues to apply."),
    ReadingDoubt.NOT_ENDING: _("The clause suspends, halts or resumes."),
    StoredDoubt.SEVERAL: _("Several stored documents fit."),
    StoredDoubt.DIFFERS: _("The stored document has another date, type or name than the clause says."),
    StoredDoubt.NOT_BEFORE: _("The document was not issued before the act, or its date is not known."),
    StoredDoubt.RANK: _("The act ranks lower than the document, or another body issued the document."),
    StoredDoubt.PAST_DAY: _("The day is before the act was issued, or before the document took effect."),
    StoredDoubt.NOT_IN_FORCE: _("The provision that says so may not be in force, or may read otherwise, on that day."),
    StoredDoubt.PARTIAL_ACT: _("The stored copy of the act is not complete."),
    StoredDoubt.MISREAD: _("The article that says so could not be read without doubt."),
    StoredDoubt.ANOTHER_END: _("Another end of the document is known."),
    StoredDoubt.REJECTED: _("A person rejected this relation."),
    StoredDoubt.IN_PART: _("Only a part of the document ends."),
    StoredDoubt.NOT_APPLIED: _("Some amendments could not be carried out."),
    StoredDoubt.MISSING_ACT: _("An earlier amending act is not stored here."),
    StoredDoubt.CODIFIED: _("Only codified articles are stored. Import them again when they contain the amendment."),
    StoredDoubt.OFFICIAL: _("An official list states otherwise."),
    StoredDoubt.SWITCHED_OFF: _("Automatic changes are switched off."),
}
