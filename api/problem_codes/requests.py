"""The codes of any request and of fields in it."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_REQUEST, _FIELD = ProblemScope.REQUEST, ProblemScope.FIELD
REQUEST_CODES = [
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
        "files_unavailable",
        _REQUEST,
        _("The store of files does not respond."),
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
]
