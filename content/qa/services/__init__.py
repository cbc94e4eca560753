"""The services of questions: for askers, for staff and for the change log."""

from content.qa.services.answers import (
    approve,
    confirm,
    discard_revision,
    revise,
    save_draft,
    send_back,
    start_answering,
    submit_for_review,
)
from content.qa.services.feedback import (
    claim_report,
    rate_answer,
    remove_rating,
    report_problem,
    resolve_report,
    unclaim_report,
)
from content.qa.services.imports import import_question
from content.qa.services.reader_questions import add_detail, ask, erase_questions_of, refuse_reused_key, withdraw
from content.qa.services.triage import (
    assign,
    classify,
    erase_original,
    merge,
    read_original,
    redact,
    redirect,
    reject,
    return_for_detail,
    screen,
    take_down,
)

__all__ = [
    "add_detail", "approve", "ask", "assign", "claim_report", "classify", "confirm", "discard_revision",
    "erase_original", "erase_questions_of", "import_question", "merge", "rate_answer", "read_original", "redact",
    "redirect", "refuse_reused_key", "reject", "remove_rating", "report_problem",
    "resolve_report", "return_for_detail", "revise", "save_draft", "screen", "send_back",
    "start_answering", "submit_for_review", "take_down", "unclaim_report", "withdraw",
]  # fmt: skip
