"""The introduction of the contract, paragraph by paragraph. Each is an English msgid of api/locale."""

DESCRIPTION = [
    "Open legal information for Viet Nam: documents, questions, events and pushes.",
    "## Unknown values",
    "Lists of values that we *send* grow without a new version: types, kinds, statuses, codes. A client must keep a "
    "page that contains a value it does not know: show the value as it is, or leave it out. Clients that are generated "
    "from this file need an option or a few lines for it; `/docs/clients` shows them for each language. In requests "
    "only the listed values are accepted; any other is 400.",
    "## Sparse answers",
    "Operations with `x-sparse-fields` take the query parameter `fields`: names of required fields of the answer, or "
    "of the rows of a list, separated by commas. The answer then has these fields only. `fields` is not among the "
    "parameters, because a generated client cannot read an answer without fields that its type requires: use it where "
    "you read JSON yourself.",
    "## Conventions",
    "Times are RFC 3339 with an offset, `+07:00`. Legal dates are `YYYY-MM-DD` in Viet Nam time; `…_until` and "
    "`expires_on` are the first day that no longer counts. A list has `next`, `previous` and `results`; follow `next` "
    "as it is. Every error is a `Problem`: decide by `code`, show `detail`, report `request_id`. An unknown query "
    "parameter is 400. `lang` or `Accept-Language` chooses the language of names and messages; legal text is "
    "Vietnamese.",
]
