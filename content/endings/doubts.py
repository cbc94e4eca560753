"""Why a person must look at a case before it is carried out: codes and their messages."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CaseDoubt(StrEnum):
    """The first nine are those of `relations.ending_reader.ReadingDoubt`, the others come from what is stored."""

    EXCEPTION = "exception"
    CONDITION = "condition"
    NESTED = "nested"  # named inside the title of another document
    UNKNOWN_WORDS = "unknown_words"  # words between verb and name, or after it, that are not understood
    NAME_ONLY = "name_only"  # neither number nor year
    NO_DAY = "no_day"
    UNPLACED = "unplaced"  # a part that no unit's number names
    CONTINUES = "continues"  # the same article says that something of it continues to apply
    NOT_ENDING = "not_ending"  # suspends, resumes or halts: a person enters it
    SEVERAL = "several"  # two documents fit
    DIFFERS = "differs"  # day, type or name of the document are not those the act gives
    NOT_BEFORE = "not_before"  # the document was not issued before the act, or its day is not known
    RANK = "rank"  # the act ranks lower than the document, or its issuer did not issue that
    PARTIAL_ACT = "partial_act"  # our copy of the act is not its full text
    MISREAD = "misread"  # the parser warned about that article
    ANOTHER_END = "another_end"  # another end is known
    REJECTED = "rejected"  # a person rejected the relation
    IN_PART = "in_part"  # a part of a document: an order to amend, or a person, ends it
    NOT_APPLIED = "not_applied"  # orders to amend that could not be carried out
    MISSING_ACT = "missing_act"  # an act that amended the document before is not stored
    OFFICIAL = "official"  # an official list states otherwise
    SWITCHED_OFF = "switched_off"  # nothing is carried out by itself at present


MESSAGES: dict[CaseDoubt, str | Promise] = {
    CaseDoubt.EXCEPTION: _("The clause makes an exception."),
    CaseDoubt.CONDITION: _("The clause depends on a condition or another event."),
    CaseDoubt.NESTED: _("The document may only be named in the title of another one."),
    CaseDoubt.UNKNOWN_WORDS: _("The clause contains words that were not understood."),
    CaseDoubt.NAME_ONLY: _("The clause gives neither number nor year of the document."),
    CaseDoubt.NO_DAY: _("The day is not known."),
    CaseDoubt.UNPLACED: _("Only a part ends, and the clause does not name its units."),
    CaseDoubt.CONTINUES: _("The same article says that something of the document continues to apply."),
    CaseDoubt.NOT_ENDING: _("The clause suspends, halts or resumes."),
    CaseDoubt.SEVERAL: _("Several stored documents fit."),
    CaseDoubt.DIFFERS: _("The stored document has another date, type or name than the clause says."),
    CaseDoubt.NOT_BEFORE: _("The document was not issued before the act, or its date is not known."),
    CaseDoubt.RANK: _("The act ranks lower than the document, or another body issued the document."),
    CaseDoubt.PARTIAL_ACT: _("The stored copy of the act is not complete."),
    CaseDoubt.MISREAD: _("The article that says so could not be read without doubt."),
    CaseDoubt.ANOTHER_END: _("Another end of the document is known."),
    CaseDoubt.REJECTED: _("A person rejected this relation."),
    CaseDoubt.IN_PART: _("Only a part of the document ends."),
    CaseDoubt.NOT_APPLIED: _("Some amendments could not be carried out."),
    CaseDoubt.MISSING_ACT: _("An earlier amending act is not stored here."),
    CaseDoubt.OFFICIAL: _("An official list states otherwise."),
    CaseDoubt.SWITCHED_OFF: _("Automatic changes are switched off."),
}
