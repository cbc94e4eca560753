"""The codes of requests, documents, questions, events and the staff site."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_REQUEST, _FIELD, _RULE, _STAFF = ProblemScope.REQUEST, ProblemScope.FIELD, ProblemScope.RULE, ProblemScope.STAFF
GENERAL_CODES = [
    ProblemCode(
        "invalid", _REQUEST, _("A part of the request is not valid."), _("Correct each place that `errors` names.")
    ),
    ProblemCode(
        "bad_request",
        _REQUEST,
        _("The server cannot read the request, or the host in it is not ours."),
        _("Check the URL and the Host header."),
    ),
    ProblemCode(
        "parse_error",
        _REQUEST,
        _("The body is not JSON in UTF-8."),
        _("Send valid JSON: no repeated name in an object, no number that JSON does not have."),
    ),
    ProblemCode(
        "query_too_long",
        _REQUEST,
        _("The query is longer than 8,190 characters."),
        _("Shorten it or split the request."),
    ),
    ProblemCode(
        "too_many_parameters", _REQUEST, _("The query has more than 1,000 parameters."), _("Send fewer parameters.")
    ),
    ProblemCode(
        "cursor_ahead",
        _REQUEST,
        _("`after` is ahead of the server: it is from another server, or from before a backup was restored."),
        _("Changes: start again from the newest export. Inbox: read it again without `after`."),
    ),
    ProblemCode(
        "not_authenticated",
        _REQUEST,
        _("This operation needs the secret of a device."),
        _("Send `Authorization: Bearer dvc_…`; register a device first if you have none."),
    ),
    ProblemCode(
        "unknown_secret",
        _REQUEST,
        _("The secret belongs to no device."),
        _("Register the installation under a new key."),
    ),
    ProblemCode("permission_denied", _REQUEST, _("The caller may not do this."), _("Use a device that is allowed to.")),
    ProblemCode(
        "not_found",
        _REQUEST,
        _("Nothing public exists at this URL."),
        _("Check the URL; find the key again in a list."),
    ),
    ProblemCode(
        "not_yet_issued",
        _REQUEST,
        _("The document was issued after the requested day; `detail` has the date."),
        _("Ask for that day or a later one with `as_of`."),
    ),
    ProblemCode(
        "provision_not_yet_added",
        _REQUEST,
        _("The provision is added to the document on a later date; `detail` has the dates."),
        _("Ask for one of those dates with `as_of`."),
    ),
    ProblemCode(
        "provision_removed",
        _REQUEST,
        _("The provision was in the document earlier and is not on this date; `detail` has the dates."),
        _("Ask for one of those dates with `as_of`."),
    ),
    ProblemCode(
        "method_not_allowed",
        _REQUEST,
        _("This URL does not support the method."),
        _("Use a method that the Allow header lists."),
    ),
    ProblemCode(
        "not_acceptable",
        _REQUEST,
        _("The response is not available in any media type you accept."),
        _("Accept application/json, or a type that `detail` lists."),
    ),
    ProblemCode(
        "withdrawn",
        _REQUEST,
        _("The document or question is withdrawn; `detail` says when and why."),
        _("Delete your copy. Do not ask for it again."),
    ),
    ProblemCode(
        "merged",
        _REQUEST,
        _("The question was merged into another one, which has the answer."),
        _("Read the question that `detail` names."),
    ),
    ProblemCode(
        "export_gone",
        _REQUEST,
        _("Something in this export was withdrawn or corrected after it was made."),
        _("Delete your copy and take the newest export. If there is none, ask again in some minutes."),
    ),
    ProblemCode(
        "length_required",
        _REQUEST,
        _("The body has no Content-Length."),
        _("Send the body in one piece with Content-Length."),
    ),
    ProblemCode("request_too_large", _REQUEST, _("The body is larger than 1 MiB."), _("Send a smaller body.")),
    ProblemCode(
        "unsupported_media_type",
        _REQUEST,
        _("The body is not JSON, or its charset is not UTF-8."),
        _("Send `Content-Type: application/json`."),
    ),
    ProblemCode(
        "range_not_satisfiable",
        _REQUEST,
        _("The file has no bytes in the requested range."),
        _("Read its size in Content-Range and ask for a range inside it."),
    ),
    ProblemCode(
        "throttled",
        _REQUEST,
        _("Too many requests came from this address or this device."),
        _("Wait as many seconds as Retry-After says."),
    ),
    ProblemCode(
        "search_too_slow",
        _REQUEST,
        _("The search took too long and was stopped."),
        _("Try again with fewer words or with a filter."),
    ),
    ProblemCode(
        "too_many_texts",
        _REQUEST,
        _("The server is writing as many whole texts as it can at once."),
        _("Wait as many seconds as Retry-After says, then try again."),
    ),
    ProblemCode(
        "server_error",
        _REQUEST,
        _("The server failed. The request is not at fault; the failure is logged."),
        _("Try again later. Report `request_id` if it happens again."),
    ),
    ProblemCode(
        "database_unavailable",
        _REQUEST,
        _("The database does not respond."),
        _("Wait as many seconds as Retry-After says, then try again."),
    ),
    ProblemCode(
        "database_busy",
        _REQUEST,
        _("The database is busy with other work and stopped this request. Nothing was changed."),
        _("Wait as many seconds as Retry-After says, then try again."),
    ),
    ProblemCode(
        "storage_full",
        _REQUEST,
        _("The server's disk is full, so nothing can be stored. Nothing was changed; reading still works."),
        _("Wait as many seconds as Retry-After says, then try again. The operator must free disk space."),
    ),
    ProblemCode("required", _FIELD, _("A required field or header is missing."), _("Add it.")),
    ProblemCode("null", _FIELD, _("The field may not be null."), _("Give a value.")),
    ProblemCode("blank", _FIELD, _("The value is empty."), _("Give a value or omit it.")),
    ProblemCode(
        "unknown_field",
        _FIELD,
        _("The body has a field that this operation does not know."),
        _("Remove it; `detail` lists the known fields."),
    ),
    ProblemCode(
        "unknown_parameter",
        _FIELD,
        _("The query has a parameter that this operation does not know."),
        _("Remove it; `detail` lists the known parameters."),
    ),
    ProblemCode("repeated", _FIELD, _("A parameter that takes one value is given more than once."), _("Give it once.")),
    ProblemCode(
        "invalid_choice",
        _FIELD,
        _("The value is not one of the allowed values."),
        _("Use a value that `detail` or the API description lists."),
    ),
    ProblemCode(
        "invalid_character",
        _FIELD,
        _("The text has a control character or another character that cannot be stored."),
        _("Remove that character."),
    ),
    ProblemCode("max_length", _FIELD, _("The text is too long."), _("Shorten it.")),
    ProblemCode("min_length", _FIELD, _("The text is too short."), _("Write more.")),
    ProblemCode("max_value", _FIELD, _("The number is too large."), _("Use a smaller number.")),
    ProblemCode("min_value", _FIELD, _("The number is too small."), _("Use a larger number.")),
    ProblemCode("max_string_length", _FIELD, _("The number has too many digits."), _("Use a shorter number.")),
    ProblemCode("not_a_list", _FIELD, _("The value is not a list."), _("Send a JSON array.")),
    ProblemCode("empty", _FIELD, _("The list is empty."), _("Add at least one item.")),
    ProblemCode("does_not_exist", _FIELD, _("No object has this key."), _("Find the key in a list of the API.")),
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
