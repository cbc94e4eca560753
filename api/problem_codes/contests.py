"""The codes of contests and question banks."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_REQUEST, _FIELD, _RULE, _STAFF = ProblemScope.REQUEST, ProblemScope.FIELD, ProblemScope.RULE, ProblemScope.STAFF
CONTEST_CODES = [
    ProblemCode(
        "too_many_saves",
        _REQUEST,
        _("The server saves as many answers at once as it can. Nothing of this request was saved."),
        _("Send all answers again after as many seconds as Retry-After says, or submit them."),
    ),
    ProblemCode(
        "invalid_nonce",
        _FIELD,
        _("`nonce` is not 16 to 32 bytes in lower-case hex digits."),
        _("Make 16 to 32 random bytes and send them in hex."),
    ),
    ProblemCode(
        "contest_not_open",
        _RULE,
        _("The contest takes no entries: it is over or cancelled."),
        _("Check `status` of the contest."),
    ),
    ProblemCode(
        "sign_in_required",
        _RULE,
        _("The contest is for people who signed in."),
        _("Sign in, then enter the contest again."),
    ),
    ProblemCode("entry_locked", _RULE, _("The first attempt has fixed the entry."), _("Keep the entry as it is.")),
    ProblemCode(
        "unknown_bracket",
        _RULE,
        _("The contest has no such bracket."),
        _("Use one of `rules.brackets`; leave it empty if there are none."),
    ),
    ProblemCode("unknown_unit", _RULE, _("The contest has no such unit."), _("Use one of `rules.units`, or none.")),
    ProblemCode(
        "province_not_valid",
        _RULE,
        _("The province does not exist today."),
        _("Use a province of the list `provinces`."),
    ),
    ProblemCode("unknown_age_band", _RULE, _("The age is none of the age groups."), _("Use one of the age groups.")),
    ProblemCode("age_not_allowed", _RULE, _("The contest is not for this age."), _("Look for a contest for this age.")),
    ProblemCode(
        "no_entry",
        _RULE,
        _("The reader has not entered the contest."),
        _("Enter the contest first."),
    ),
    ProblemCode("not_submitted", _RULE, _("The attempt is not submitted."), _("Submit it first.")),
    ProblemCode(
        "no_certificate_for_practice",
        _RULE,
        _("A practice round has no certificates."),
        _("Use an attempt of a ranked round."),
    ),
    ProblemCode(
        "certificate_too_early",
        _RULE,
        _("The results of the contest are not published yet."),
        _("Ask for the certificate after `contest.results_published`."),
    ),
    ProblemCode(
        "name_not_printable",
        _RULE,
        _("The certificate's font does not have every letter of the name."),
        _("Write the name with Latin letters."),
    ),
    ProblemCode(
        "too_many_attempts",
        _RULE,
        _("The contestant made more attempts within 24 hours than people make."),
        _("Wait as long as Retry-After says."),
    ),
    ProblemCode(
        "too_many_names",
        _RULE,
        _("Ten names were tried for this certificate within an hour."),
        _("Wait as long as Retry-After says."),
    ),
    ProblemCode(
        "disqualified", _RULE, _("The contestant was taken out of the contest."), _("Read the reason at the entry.")
    ),
    ProblemCode(
        "round_not_open",
        _RULE,
        _("The round is not open now; `detail` has its times."),
        _("Start an attempt between these times."),
    ),
    ProblemCode(
        "no_attempts_left",
        _RULE,
        _("The contestant has made all attempts that the rules allow."),
        _("Wait for the results."),
    ),
    ProblemCode("prediction_not_asked", _RULE, _("The round asks for no prediction."), _("Omit `prediction`.")),
    ProblemCode(
        "prediction_out_of_range",
        _RULE,
        _("The prediction is negative or too large."),
        _("Send a whole number in the range that `detail` names."),
    ),
    ProblemCode(
        "too_late",
        _RULE,
        _("The time of the attempt is over. The answers saved last count."),
        _("Read the attempt to see what was saved."),
    ),
    ProblemCode(
        "already_submitted",
        _RULE,
        _("The attempt was submitted. Its answers no longer change."),
        _("Read the attempt for its receipt."),
    ),
    ProblemCode(
        "invalid_seq", _RULE, _("`seq` is no number from 1 upwards."), _("Count what is saved upwards from 1.")
    ),
    ProblemCode(
        "unknown_question",
        _RULE,
        _("The paper has no question of this number."),
        _("Use the numbers `n` of this attempt's questions."),
    ),
    ProblemCode(
        "unknown_choice",
        _RULE,
        _("The question has no such choice."),
        _("Use the `id` of one of its choices; an empty text is no answer."),
    ),
    ProblemCode(
        "results_not_shown",
        _RULE,
        _("The rules do not show results yet, or the round is not ranked."),
        _("Ask again when `rules.results_shown` says so."),
    ),
    ProblemCode(
        "answers_still_secret",
        _RULE,
        _("Another round still asks questions of this one."),
        _("Ask again after the end of that round."),
    ),
    ProblemCode(
        "proof_not_packed",
        _RULE,
        _("The worker is still packing the file of this round."),
        _("Ask again in some minutes."),
    ),
    ProblemCode("round_not_closed", _RULE, _("The round is not closed yet."), _("Ask again after its end.")),
    ProblemCode("not_asked", _RULE, _("Nobody asks this reader who they are."), _("Send nothing.")),
    ProblemCode(
        "guardian_required",
        _RULE,
        _("A winner under 16 needs a representative who agrees."),
        _("Send name, contact and consent of the representative."),
    ),
    ProblemCode(
        "one_person_twice",
        _RULE,
        _("The document belongs to another winner of the contest."),
        _("Use your own document. If it is yours, contact the organiser."),
    ),
    ProblemCode("not_disqualified", _RULE, _("The contestant is not disqualified."), _("Reload the entry.")),
    ProblemCode("objection_too_late", _RULE, _("The 72 hours to object are over."), _("Contact the organiser.")),
    ProblemCode(
        "no_seal_key",
        _STAFF,
        _("The server has no key to sign receipts with."),
        _("Ask the operator to set SEAL_KEYS."),
    ),
    ProblemCode(
        "answers_known",
        _STAFF,
        _("Another round shows or tells by scores the answers to these questions, or this one would."),
        _("Choose other questions, or wait for the end of the rounds that `detail` names."),
    ),
    ProblemCode(
        "already_disqualified", _STAFF, _("The contestant is disqualified already."), _("Open the existing decision.")
    ),
    ProblemCode("already_voided", _STAFF, _("The question counts for nobody already."), _("Leave it as it is.")),
    ProblemCode(
        "counting_not_finished",
        _STAFF,
        _("The ranks are being counted again."),
        _("Wait some minutes, then try again."),
    ),
    ProblemCode(
        "draw_not_declared", _STAFF, _("The rules have no drawing of lots."), _("Leave equal results on the same rank.")
    ),
    ProblemCode(
        "no_objection",
        _STAFF,
        _("The contestant has not objected."),
        _("Wait for the objection, or leave the decision as it is."),
    ),
    ProblemCode(
        "not_ended", _STAFF, _("The round has not ended, or its contest was cancelled."), _("Wait for its end.")
    ),
    ProblemCode(
        "not_settled", _STAFF, _("Some attempts of the round are not counted yet."), _("Wait a minute, then try again.")
    ),
    ProblemCode(
        "not_proposed", _STAFF, _("Nobody has proposed it."), _("Propose it first; another person confirms it.")
    ),
    ProblemCode(
        "not_tied",
        _STAFF,
        _("The contestants do not share a rank, or one of them is missing."),
        _("Draw among all contestants who share a rank."),
    ),
    ProblemCode(
        "objections_open",
        _STAFF,
        _("A disqualified contestant may still object, or has objected."),
        _("Decide on the objection first, or wait."),
    ),
    ProblemCode("results_not_published", _STAFF, _("The results are not published."), _("Publish the results first.")),
    ProblemCode(
        "winner_invalid", _STAFF, _("A code has no final rank, or is named twice."), _("Correct the list of winners.")
    ),
    ProblemCode("too_many_winners", _STAFF, _("Too many winners are named."), _("Name as many as the message allows.")),
    ProblemCode(
        "identity_missing",
        _STAFF,
        _("The winner has not said who they are."),
        _("Wait for the winner, or pass them over."),
    ),
    ProblemCode(
        "choices_required", _STAFF, _("The question needs choices."), _("Enter the choices that its kind needs.")
    ),
    ProblemCode("citation_required", _STAFF, _("The question cites no provision."), _("Cite at least one provision.")),
    ProblemCode(
        "right_choice_required",
        _STAFF,
        _("The right choice or the accepted text is missing."),
        _("Mark one choice as right, or enter an accepted text."),
    ),
    ProblemCode("duplicate_choice", _STAFF, _("Two choices are the same."), _("Change one of them.")),
    ProblemCode("draft_exists", _STAFF, _("The question has a draft already."), _("Open the existing draft.")),
    ProblemCode(
        "invalid_row",
        _STAFF,
        _("A line of the file is no question that can be imported."),
        _("Correct the line that the message names."),
    ),
    ProblemCode("invalid_time", _STAFF, _("The text is no time of a day."), _("Enter a time from 00:00 to 24:00.")),
    ProblemCode(
        "ages_out_of_range", _STAFF, _("The ages are not a range."), _("Enter ages from the lower to the higher.")
    ),
    ProblemCode(
        "attempts_out_of_range",
        _STAFF,
        _("The number of attempts is out of range."),
        _("Enter a number in the range that the message names, or none."),
    ),
    ProblemCode(
        "seconds_out_of_range",
        _STAFF,
        _("The time for an attempt is out of range."),
        _("Enter seconds in the range that the message names."),
    ),
    ProblemCode("duplicate_label", _STAFF, _("Two names in the list are the same."), _("Change one of them.")),
    ProblemCode(
        "too_many_labels", _STAFF, _("The list has too many names."), _("Enter as many as the message allows.")
    ),
    ProblemCode(
        "ranking_invalid",
        _STAFF,
        _("The ranking does not begin with right answers, or does not end with the submission or a draw."),
        _("Choose the keys in the order that the message names."),
    ),
    ProblemCode(
        "pool_too_small",
        _STAFF,
        _("A section draws more questions than the bank has for it."),
        _("Draw fewer questions, or approve more."),
    ),
    ProblemCode(
        "unfit_questions",
        _STAFF,
        _("The law that some questions cite has changed, or is not in force on a day of the round."),
        _("Review the questions that the message names."),
    ),
    ProblemCode("round_required", _STAFF, _("The contest has no round."), _("Plan at least one round.")),
    ProblemCode(
        "rounds_overlap",
        _STAFF,
        _("Two rounds of the contest are open at the same time."),
        _("Change the time of one of them."),
    ),
    ProblemCode(
        "rules_are_fixed",
        _STAFF,
        _("The contest is announced or a round is frozen, so the rules no longer change."),
        _("Keep the rules, or plan another contest."),
    ),
    ProblemCode(
        "sections_invalid",
        _STAFF,
        _("The sections of the paper are not valid."),
        _("Enter known topics, each once, with at least one question each."),
    ),
    ProblemCode(
        "sign_in_unavailable",
        _STAFF,
        _("The server does not verify sign-ins."),
        _("Choose one entry for each installed app."),
    ),
]
