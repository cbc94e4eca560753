"""The codes that only the staff site shows."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_STAFF = ProblemScope.STAFF
STAFF_CODES = [
    ProblemCode(
        "bad_address", _STAFF, _("This is no address of another installation."), _("Give its scheme and host, no path.")
    ),
    ProblemCode(
        "peer_away", _STAFF, _("The other installation does not answer."), _("Check the address; try again later.")
    ),
    ProblemCode(
        "unknown_fingerprint",
        _STAFF,
        _("The other installation has no key with this fingerprint."),
        _("Call the other office and compare it again."),
    ),
    ProblemCode(
        "record_refused",
        _STAFF,
        _("The object of the other installation cannot be stored here."),
        _("The message says why. Keep what is here."),
    ),
    ProblemCode("already_exists", _STAFF, _("The same record already exists."), _("Open the existing record.")),
    ProblemCode("username_taken", _STAFF, _("Another account has this username."), _("Choose another username.")),
    ProblemCode(
        "already_enrolled", _STAFF, _("The account already has a second factor."), _("Remove the old one first.")
    ),
    ProblemCode(
        "wrong_code",
        _STAFF,
        _("The code is wrong, used or expired."),
        _("Wait for the next code; check the clock of the phone."),
    ),
    ProblemCode("not_allowed", _STAFF, _("Your roles do not allow this."), _("Ask an administrator for the role.")),
    ProblemCode(
        "own_account",
        _STAFF,
        _("You cannot change your own roles or close your own account."),
        _("Ask another administrator."),
    ),
    ProblemCode(
        "superuser_only", _STAFF, _("Only a superuser can change the account of a superuser."), _("Ask a superuser.")
    ),
    ProblemCode("account_closed", _STAFF, _("The account is closed."), _("Open the account first.")),
    ProblemCode(
        "password_not_changed",
        _STAFF,
        _("Somebody else set the password of the account last."),
        _("Ask its owner to sign in and change the password, then confirm the role."),
    ),
    ProblemCode(
        "already_decided",
        _STAFF,
        _("Somebody has confirmed or refused the proposed role already."),
        _("Load the list again."),
    ),
    ProblemCode("unknown_role", _STAFF, _("The role does not exist."), _("Use one of the five roles.")),
    ProblemCode(
        "second_person_required",
        _STAFF,
        _("A second person must confirm what you wrote or proposed."),
        _("Ask a colleague to confirm it."),
    ),
    ProblemCode(
        "heavy_notices",
        _STAFF,
        _("A text with heavy faults may only be published by somebody who accepts each of them."),
        _("Correct the text, or tick each fault and give a reason."),
    ),
    ProblemCode("reason_required", _STAFF, _("A reason is required."), _("Write the reason.")),
    ProblemCode(
        "changed_meanwhile",
        _STAFF,
        _("Somebody changed it after you opened it."),
        _("Reload the page, read it again, then repeat the action."),
    ),
    ProblemCode("no_change", _STAFF, _("The new value equals the old one."), _("Change something, or cancel.")),
    ProblemCode("no_day", _STAFF, _("The day on which the document ends is missing."), _("Enter the day.")),
    ProblemCode("date_out_of_range", _STAFF, _("The date is too far in the past or the future."), _("Check the year.")),
    ProblemCode("text_required", _STAFF, _("The document has no text."), _("Add the text.")),
    ProblemCode("title_required", _STAFF, _("The document has no title."), _("Add the title.")),
    ProblemCode("topic_required", _STAFF, _("The event has no topic."), _("Choose at least one topic.")),
    ProblemCode(
        "place_required",
        _STAFF,
        _("The event has no place and no online address."),
        _("Enter a place, an online address, or both."),
    ),
    ProblemCode("office_required", _STAFF, _("The office that compared the copy is missing."), _("Enter the office.")),
    ProblemCode("answer_required", _STAFF, _("The question has no answer yet."), _("Write the answer first.")),
    ProblemCode(
        "public_copy_required",
        _STAFF,
        _("The public copy of the question is not confirmed."),
        _("Redact the question and confirm the copy."),
    ),
    ProblemCode(
        "consent_missing", _STAFF, _("The reader did not agree to publication."), _("Leave the question unpublished.")
    ),
    ProblemCode(
        "personal_data",
        _STAFF,
        _("The text to publish seems to contain personal data."),
        _("Remove it, or confirm that it is none."),
    ),
    ProblemCode(
        "personal_data_stands",
        _STAFF,
        _("The public copy may still contain a name, an address or a day of birth."),
        _("Remove it, or confirm each part that may stay."),
    ),
    ProblemCode(
        "not_an_answerer", _STAFF, _("This member of staff does not answer questions."), _("Choose an answerer.")
    ),
    ProblemCode(
        "nothing_to_confirm", _STAFF, _("No law that the answer cites has changed."), _("Leave the answer as it is.")
    ),
    ProblemCode(
        "invalid_merge_target",
        _STAFF,
        _("The question cannot be merged into this one."),
        _("Choose another question that is open or published and not merged itself."),
    ),
    ProblemCode("too_many_citations", _STAFF, _("The answer cites too many provisions."), _("Cite fewer provisions.")),
    ProblemCode(
        "report_claimed", _STAFF, _("A colleague is already handling the report."), _("Choose another report.")
    ),
    ProblemCode("report_not_claimed", _STAFF, _("Nobody is handling the report yet."), _("Claim it first.")),
    ProblemCode("report_resolved", _STAFF, _("The report is already resolved."), _("Choose another report.")),
    ProblemCode(
        "working_days_out_of_range",
        _STAFF,
        _("The number of working days is out of range."),
        _("Enter a number in the range that the message names."),
    ),
    ProblemCode("default_rule_required", _STAFF, _("The default rule cannot be removed."), _("Change it instead.")),
    ProblemCode(
        "unknown_issuer", _STAFF, _("The issuing body is unknown."), _("Use a body from the list of organisations.")
    ),
    ProblemCode(
        "unknown_provision",
        _STAFF,
        _("The document has no such provision."),
        _("Check the eid on the date in question."),
    ),
    ProblemCode(
        "amended",
        _STAFF,
        _("The published text was amended, so it cannot be replaced."),
        _("Withdraw the amendment first."),
    ),
    ProblemCode(
        "amended_since", _STAFF, _("A later amendment builds on this one."), _("Withdraw the later amendment first.")
    ),
    ProblemCode(
        "amends_another", _STAFF, _("The document has amended other documents."), _("Withdraw those amendments first.")
    ),
    ProblemCode(
        "cannot_be_applied",
        _STAFF,
        _("Some instructions of the amending act cannot be applied."),
        _("Correct the instructions that the message names."),
    ),
    ProblemCode(
        "articles_missing",
        _STAFF,
        _("The text does not begin with its first article."),
        _("Remove what comes before the first article, or correct its number."),
    ),
    ProblemCode(
        "already_proposed",
        _STAFF,
        _("Another correction of the document waits for confirmation."),
        _("Confirm or return it first."),
    ),
    ProblemCode(
        "official_copy",
        _STAFF,
        _("A copy from an official source is already published."),
        _("Correct that copy instead."),
    ),
    ProblemCode(
        "no_free_key", _STAFF, _("Every key for the document is in use."), _("Change the number or the title.")
    ),
    ProblemCode("not_a_sample", _STAFF, _("The document is not a sample."), _("Withdraw it instead of removing it.")),
    ProblemCode(
        "self_relation", _STAFF, _("A document cannot have a relation with itself."), _("Choose another document.")
    ),
    ProblemCode(
        "partial", _STAFF, _("The file holds only some articles of the document."), _("Import the whole text.")
    ),
    ProblemCode(
        "several_documents",
        _STAFF,
        _("The file holds more than one document."),
        _("Split it and import one document at a time."),
    ),
    ProblemCode(
        "unreadable", _STAFF, _("The file cannot be read."), _("Save it as DOCX, HTML, PDF with text, or plain text.")
    ),
    ProblemCode("effect_early", _STAFF, _("The date of effect is before the date of issue."), _("Check both dates.")),
    ProblemCode(
        "one_of_two", _STAFF, _("Both a file and a text are given, or neither."), _("Give exactly one of them.")
    ),
    ProblemCode(
        "synonym_adds_nothing",
        _STAFF,
        _("The synonym says the same words as the term."),
        _("Enter the words that the law uses."),
    ),
    ProblemCode("ends_before_start", _STAFF, _("The end is before the start."), _("Correct the times.")),
    ProblemCode("starts_in_past", _STAFF, _("The event starts in the past."), _("Enter a later time.")),
    ProblemCode("not_started", _STAFF, _("The event has not started yet."), _("Wait until it starts.")),
    ProblemCode(
        "capacity_out_of_range",
        _STAFF,
        _("The number of seats is out of range."),
        _("Enter a number in the range that the message names, or leave it empty."),
    ),
    ProblemCode(
        "capacity_below_taken_seats",
        _STAFF,
        _("More seats are taken than the new number."),
        _("Enter a larger number."),
    ),
    ProblemCode(
        "invalid_registration_period",
        _STAFF,
        _("The registration period is not valid."),
        _("It must open before it closes and close before the event ends."),
    ),
    ProblemCode(
        "registration_already_closed",
        _STAFF,
        _("The registration period would already be over."),
        _("Enter a later end."),
    ),
    ProblemCode(
        "province_not_valid_then",
        _STAFF,
        _("The province does not exist on the day of the event."),
        _("Choose a province of that day."),
    ),
    ProblemCode(
        "session_outside_event",
        _STAFF,
        _("A session is outside the time of the event."),
        _("Correct the time of the session."),
    ),
    ProblemCode(
        "invalid_line", _STAFF, _("A line of the programme has the wrong form."), _("Write it as the help text shows.")
    ),
    ProblemCode(
        "invalid_url", _STAFF, _("The address does not begin with http:// or https://."), _("Enter a full address.")
    ),
    ProblemCode(
        "move_required",
        _STAFF,
        _("Time and place of an announced event change by a move."),
        _("Use the action «move», so that followers are notified."),
    ),
    ProblemCode(
        "names_already_given",
        _STAFF,
        _("People have given their names for the present purpose."),
        _("Keep the purpose of the names."),
    ),
    ProblemCode(
        "on_waiting_list",
        _STAFF,
        _("The person is on the waiting list and has no seat."),
        _("Admit people with a seat first."),
    ),
    ProblemCode(
        "unknown_code", _STAFF, _("No registration of this event has the code."), _("Check the code and the event.")
    ),
    ProblemCode(
        "delivery_already_sending",
        _STAFF,
        _("The message is being sent or is finished, so it cannot be cancelled."),
        _("Leave it as it is."),
    ),
    ProblemCode("gate_not_closed", _STAFF, _("FCM's quota already lets calls through."), _("Leave it as it is.")),
    ProblemCode(
        "superseded",
        _STAFF,
        _("A later change replaced what the message says."),
        _("Send a new message about the later change."),
    ),
    ProblemCode(
        "unknown_kind",
        _STAFF,
        _("The file type is not supported."),
        _("Save it as one of the types that the message lists."),
    ),
]
