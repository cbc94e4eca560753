"""What fields, parameters and responses are, where the same words hold everywhere: said here once.

A `help_text`, a docstring or a description at the operation goes before these. Names are those of the contract;
`Component.field` goes before `field`, and `operationId.name` before `name`. All texts are English msgids, see
api.openapi.translation.
"""

from django.http import HttpRequest

from api.openapi.walk import operations
from api.schema import SPARSE_FIELDS
from api.types import JSONObject

EVERY_FIELD = {
    "act": "The act; null: none is known.",
    "announced_at": "Time when the event became public.",
    "app_version": "Version of the app; empty: not stated.",
    "as_of": "Date of the text and effect.",
    "audiences": "For whom the event is.",
    "cancel_reason": "Why the event was cancelled; empty: it was not.",
    "code": "Abbreviation in official numbers: 08/2024/TT-**BCA**.",
    "count": "Number of rows on all pages, exact. Only with `count=true`.",
    "document": "The document.",
    "effect_status_name": "`effect_status` in words; null where that is null.",
    "eid": "Permanent id in the document: `art_15__clause_2__point_a`.",
    "ends_at": "End.",
    "expiry_scheduled": "True: it is in force, and its last day is known.",
    "heading": "Heading; empty: none.",
    "is_helpful": "Whether the answer helped.",
    "key": "Unique and permanent.",
    "kind": "Kind of object.",
    "kind_name": "`kind` in words, in the response language.",
    "last_seen_at": "Time when the app last registered or updated this installation.",
    "media_type": "Media type of the file.",
    "name": "Name, in Vietnamese.",
    "next": "Next page; null: the last one.",
    "number": "As printed: `15`, `a`, `IV`; empty: none.",
    "organisation": "Organisation that holds the event; null: not stated.",
    "place": "Place of the event; empty: online only.",
    "previous": "Page before; null: this is the first one.",
    "province": "Province where the event takes place; null: none is stated.",
    "question": "Key of the question.",
    "reported_at": "Time of the report.",
    "results": "Rows of this page.",
    "starts_at": "Start.",
    "status_name": "`status` in words, in the response language.",
    "title": "Title.",
    "topics": "Topics of the object.",
    "type_name": "`type` in words, in the response language.",
    "url": "Its API URL.",
    "value": "Value, as the filter of the same name takes it.",
}
FIELD = {
    "Amendment.act": "The amending act.",
    "Answer.answered_at": "Time when the answer was approved.",
    "Answer.causes": "Changes of the cited law that nobody has reviewed yet.",
    "Answer.citations": "Provisions that the answer cites.",
    "Answer.text": "Text of the answer.",
    "BasisChange.noted_at": "Time when the change was noted for this answer.",
    "BasisChange.url": "URL of the document.",
    "BulkExport.created_at": "Time when the export was made.",
    "BulkExport.files": "Files of the export.",
    "BulkExport.key": "Key of the export: its day, `-`, and its cursor.",
    "BulkExport.language": "Language of names and messages in the files.",
    "CalendarURL.url": "Secret URL of the calendar.",
    "Citation.url": "URL of the cited provision or document.",
    "DiffSpan.text": "The piece of text.",
    "DocumentDetail.gazette_number": "Number of the official gazette; empty: unknown.",
    "DocumentDetail.gazette_on": "Day of the official gazette; null: unknown.",
    "DocumentDetail.outline": "Parts, chapters, sections and articles as a tree.",
    "DocumentDetail.provenance": "Source and legal value of our copy.",
    "DocumentDetail.signer": "Who signed the document; empty: unknown.",
    "DocumentDetail.updated_at": "Time of the last write to the document.",
    "DocumentDiff.changes": "Provisions that differ, in the order of the text.",
    "DocumentDiff.day_after": "The later day.",
    "DocumentDiff.day_before": "The earlier day.",
    "DocumentFacetValue.count": "Number of documents with this value.",
    "DocumentFacets.issuer": "Counts by key of the issuing organisation.",
    "DocumentFacets.total": "Number of documents that match.",
    "DocumentFacets.type": "Counts by type of document.",
    "DocumentFacets.year": "Counts by year of issue.",
    "DocumentText.provisions": "All provisions in the order of the text.",
    "DocumentVersion.key": "Key of the document, `@`, and the first day of the version.",
    "EffectEvent.act": "The act that changes the effect; null: none is known.",
    "EffectEvent.cause": "Cause or source, in words.",
    "EffectEvent.document": "The document whose effect changes.",
    "EffectEvent.kind": "How the effect changes.",
    "EffectEvent.kind_name": "The change in words, in the response language.",
    "EffectEvent.on": "Day of the change.",
    "EffectEvent.scope": "Whether it concerns the whole document.",
    "EffectDoubt.scope": "Whether it concerns the whole document.",
    "EventDetail.materials": "Material of the event.",
    "EventDetail.moves": "Former times and places, earliest move first.",
    "EventDetail.sessions": "Parts of the programme.",
    "EventDetail.text": "Description of the event.",
    "EventMove.ends_at": "Former end.",
    "EventMove.moved_at": "Time when the event was moved.",
    "EventMove.place": "Former place; empty: it was online only.",
    "EventMove.province": "Former province; null: none was stated.",
    "EventMove.reason": "Why the event was moved.",
    "EventMove.starts_at": "Former start.",
    "EventSession.speakers": "Speakers of this part.",
    "EventSession.title": "Title of this part.",
    "ExportFile.licence": "Licences of the content.",
    "ExportFile.name": "Name of the file.",
    "ExportedRating.rated_at": "Time of the rating.",
    "ExportedReader.created_at": "Time when the reader was created, at the first call of their app.",
    "ExportedReader.firebase_uid": "Reserved for signing in; null today.",
    "ExportedReader.id": "Random id of the reader.",
    "ExportedReport.kind": "What is wrong with the answer.",
    "ExportedReport.resolved_at": "Time when the report was resolved; null: it is open.",
    "ExportedReport.text": "Description of the problem by the reader; empty: none was given.",
    "FacetValue.count": "Number of results with this value.",
    "Follow.frequency": "How often the reader is notified.",
    "Follow.subject": "The followed object.",
    "Follow.target": "Kind of the followed object.",
    "Follow.url": "URL of this follow.",
    "FollowRequest.frequency": "How often the reader is notified.",
    "FollowSubject.key": "Key of the followed object.",
    "FollowSubject.name": "Name or title of the followed object; empty: it is no longer public.",
    "GlossaryEntry.definition": "The definition, in the words of the act.",
    "GlossaryEntry.document": "The act that defines the term.",
    "GlossaryEntry.term": "The defined term.",
    "GlossaryEntry.url": "URL of the article with the definition.",
    "HitProvision.url": "URL of the provision.",
    "IdempotencyKey.created_at": "Time of the first request with this key.",
    "IdempotencyKey.key": "The `Idempotency-Key` as it was sent.",
    "IdempotencyKey.subject": "Key of the question that the request created.",
    "InboxEntry.body": "Text of the push.",
    "InboxEntry.created_at": "Time of the notification.",
    "InboxEntry.kind": "Kind of the notification.",
    "InboxEntry.subject": "Object of the notification.",
    "InboxEntry.title": "Title of the push.",
    "InboxEntry.url": "URL of this entry.",
    "InboxSubject.url": "URL that the push opens.",
    "MaterialLink.title": "Title of the material.",
    "MaterialLink.url": "URL of the material.",
    "MyEvent.event": "The event.",
    "MyEvent.registration": "The registration of this reader.",
    "NewQuestionRequest.province": "Key of the province that the question is about.",
    "NewQuestionRequest.text": "The question in full. At least one letter or digit.",
    "NewQuestionRequest.title": "The question in one line. At least one letter or digit.",
    "NewQuestionRequest.topic": "Key of the topic of the question.",
    "NewRegistrationRequest.contact": "Mail address or telephone number of the participant.",
    "NewRegistrationRequest.name": "Name of the participant.",
    "Organisation.kind": "Kind of organisation.",
    "Organisation.level": "Level of the organisation.",
    "Organisation.predecessors": "Organisations whose work it took over.",
    "Organisation.successors": "Organisations that took over its work; empty while it exists.",
    "OriginalFile.imported_at": "Time of the import.",
    "OriginalFile.name": "Name of the file when it was imported.",
    "OriginalFile.sha256": "SHA-256 of the file, hex.",
    "OwnQuestion.answer": "Current answer; null: none yet.",
    "OwnQuestion.asked_at": "Time when the question was asked.",
    "OwnQuestion.basis_changed": "True: the cited law has changed and the change is not reviewed yet.",
    "OwnQuestion.consent_to_publish": "Whether a copy without personal data may be published.",
    "OwnQuestion.province": "Province that the question is about; null: none was named.",
    "OwnQuestion.text": "The question in full, as the reader wrote it.",
    "OwnQuestion.title": "The question in one line, as the reader wrote it.",
    "OwnQuestion.topic": "Topic of the question; null: none yet.",
    "OwnQuestion.transitions": "Changes of its status, oldest first.",
    "OwnQuestion.status": "Where the question is on its way to an answer.",
    "PrivateChange.changed_at": "Time of the change.",
    "PrivateChange.subject": "Key of the changed object.",
    "PrivateNotification.created_at": "Time of the notification.",
    "PrivateNotification.dedupe_key": "Name under which the notification is sent at most once.",
    "ProblemReport.kind": "What is wrong with the answer.",
    "Provenance.sha256": "SHA-256 of the imported file, hex; null: no file is stored.",
    "Provenance.size": "Size of the imported file in bytes; null: no file is stored.",
    "Provenance.source": "Where our copy comes from, in words.",
    "Province.predecessors": "Provinces that were merged into it.",
    "Province.short_name": "Name without «Tỉnh» or «Thành phố».",
    "Province.type": "Whether it is a province or a centrally run city.",
    "ProvinceLink.code": "Two digits of the General Statistics Office.",
    "Provision.children": "Provisions directly below it.",
    "Provision.next": "The next provision of the same kind; null: none.",
    "Question.answer": "Current answer; null: none is valid now.",
    "Question.not_helpful": "Number of readers who rated the answer as not helpful.",
    "Question.organisation": "Organisation that is responsible; null: none is named.",
    "Question.province": "Province that the question is about; null: none was named.",
    "Question.published_at": "Time of publication.",
    "Question.text": "The question in full, without personal data.",
    "Question.title": "The question in one line, without personal data.",
    "Question.topic": "Topic of the question; null: none.",
    "QuestionDetailRequest.text": "The requested detail. At least one letter or digit.",
    "QuestionLink.title": "The question in one line, without personal data.",
    "QuestionTransition.at": "Time of the step.",
    "QuestionTransition.status": "Status after the step.",
    "QuestionTransition.transition": "The step.",
    "ReadMark.notification": "Key of the inbox entry.",
    "ReadMark.read_at": "Time when the entry was marked as read.",
    "ReaderCalendar.created_at": "Time when the secret URL was made.",
    "ReaderExport.calendars": "The calendar of the reader, if there is one.",
    "ReaderExport.changes": "Private changes of the last 30 days.",
    "ReaderExport.devices": "Installations of the app.",
    "ReaderExport.exported_at": "Time of this export.",
    "ReaderExport.follows": "Followed objects.",
    "ReaderExport.idempotency_keys": "Keys of requests that created questions.",
    "ReaderExport.notifications": "Notifications about what belongs to the reader.",
    "ReaderExport.questions": "Questions of the reader.",
    "ReaderExport.ratings": "Ratings of answers.",
    "ReaderExport.read_marks": "Read marks of inbox entries.",
    "ReaderExport.reader": "The reader.",
    "ReaderExport.registrations": "Registrations for events.",
    "ReaderExport.reports": "Reports of problems with answers.",
    "Registration.checked_in_at": "Time of admission; null: not admitted yet.",
    "Registration.consented_at": "Time of the consent to store name and contact; null: none are stored.",
    "Registration.contact": "Mail address or telephone number of the participant; empty: none was given.",
    "Registration.event": "Key of the event.",
    "Registration.name": "Name of the participant; empty: none was given.",
    "Registration.registered_at": "Time of the registration.",
    "Registration.status": "Whether the reader has a seat.",
    "Registration.url": "URL of this registration.",
    "Relation.decided_at": "Time when the relation was confirmed; null: it is proposed.",
    "Relation.source_url": "URL of that provision; null: it is not known.",
    "SearchFacets.issuer": "Counts by key of the issuing organisation.",
    "SearchFacets.kind": "Counts by kind of result.",
    "SearchFacets.status": "Counts by effect on the day of `as_of`.",
    "SearchFacets.type": "Counts by type of document.",
    "SearchHighlight.field": "Field that the snippet comes from.",
    "SearchHighlight.text": "The snippet.",
    "SearchHit.document": "The document; null: the result is none, and in none.",
    "SearchHit.event": "The event; null: the result is something else.",
    "SearchHit.highlights": "Snippets with the matching words marked.",
    "SearchHit.kind": "Kind of result; names the field that is not null.",
    "SearchHit.provision": "The provision; null: the result is something else.",
    "SearchHit.question": "The question; null: the result is something else.",
    "SearchResponse.facets": "Counts over the results of all pages.",
    "SearchResponse.in_force_first": "`in_force_first` of the request.",
    "SearchResponse.limits": "Limits of the ranking.",
    "SearchResponse.results": "Results of this page, most relevant first.",
    "SimilarQuestionsRequest.title": "The question in one line. At least one letter or digit.",
    "Speaker.about": "Office or post of the speaker; empty: not stated.",
    "Speaker.name": "Name of the speaker.",
    "TextProvision.effect_status": "Effect on the day of `as_of`; null in a consolidated text.",
    "TimelineEntry.event_type": "What happened.",
    "TimelineEntry.scope": "Whether it concerns the whole document.",
    "Topic.children": "Headings under the subject; empty for a heading.",
    "UnitAmendment.act": "The amending act.",
    "UnitDiff.change": "How the provision differs.",
    "UnitDiff.eid": "eid of the provision; of one that is in both texts, that in the later one.",
    "UnitDiff.heading_after": "Heading in the later text; null: the provision is not in it.",
    "UnitDiff.heading_before": "Heading in the earlier text; null: the provision is not in it.",
    "UnitDiff.url_after": "URL of the provision on the later day; null: it is not in that text.",
    "UnitDiff.url_before": "URL of the provision on the earlier day; null: it is not in that text.",
    "UnitDiff.words": "The text of both days as pieces that are equal, deleted or inserted.",
    "DiffSpan.op": "What happened to this piece.",
    "UnitRemoval.act": "The act that removed it.",
    "UnreadCount.count": "Number of unread entries.",
}
FIELDS_OF_SEVERAL = {  # components that begin like this: field: description
    "Device": {
        "id_kind": "What `registration_id` is.",
        "key": "The `installation_key` of this installation.",
        "language": "Language of pushes.",
        "platform": "Platform of this installation.",
    },
    "Document": {
        "effective_on": "First day in force; null: unknown, or none.",
        "issued_on": "Day of issue; null: unknown.",
        "issuer": "Organisation that issued the document; null: unknown.",
        "number": "Official number; empty: it has none. Official numbers are not unique.",
        "title": "Title of the document.",
        "topics": "Topics that the document belongs to.",
        "type": "Type of document.",
    },
    "Event": {
        "kind": "Kind of event.",
        "status": "Status of the event.",
        "title": "Title of the event.",
        "topics": "Topics of the event.",
    },
    "Province": {"name": "Name of the province or city, in Vietnamese."},
    "RegisteredDevice": {
        "id_kind": "What `registration_id` is.",
        "key": "The `installation_key` of this installation.",
        "language": "Language of pushes.",
        "platform": "Platform of this installation.",
    },
    "Topic": {
        "name": "Name of the topic, in Vietnamese.",
        "number": "Number in the official codification (Pháp điển): `11` or `11.1`.",
    },
}
COMPONENT = {
    "DocumentFacetValue": "A value with the number of documents that have it.",
    "ExportedRating": "A rating of an answer by the reader.",
    "ExportedReader": "The reader: a random id without personal data.",
    "ExportedReport": "A report of a problem with an answer by the reader.",
    "IdempotencyKey": "A key with which a question was sent, so that a retry does not ask it again.",
    "OrganisationLink": "A link to an organisation.",
    "ProvinceLink": "A link to a province.",
    "QuestionLink": "A link to a public question.",
    "ReadMark": "The read mark of an inbox entry.",
    "Topic": "A subject or heading of the official codification (Pháp điển).",
    "TopicLink": "A link to a topic.",
}
PAGE = "One page of a list."
PARAMETER = {
    "count": "`true`: the answer has `count`. Ask once, not on every page: all rows are counted.",
    "basis_changed": "`true`: the cited law has changed and the change is not reviewed yet.",
    "deleteDevice.installation_key": "Key that the app chose for this installation.",
    "getDevice.installation_key": "Key that the app chose for this installation.",
    "getDocumentFile.sha256": "SHA-256 of the file, hex.",
    "getExport.key": "Key of the export.",
    "getExportFile.key": "Key of the export.",
    "getExportFile.name": "Name of the file.",
    "getOrganisation.key": "Key of the organisation.",
    "getProvince.key": "Key of the province.",
    "getTopic.key": "Key of the topic.",
    "key": "Key of the document.",
    "kind": "Only those of this kind.",
    "level": "Level of the organisation.",
    "page_size": "Number of results per page.",
    "putDevice.installation_key": "Key that the app chose for this installation.",
    "reportProblem.kind": "What is wrong with the answer.",
    "signer": "Who signed the document: the whole name, upper or lower case.",
    "type": "Type of document.",
}
RESPONSE = {"200": "Success.", "201": "Created.", "204": "Done. The response has no body."}
UNSAID = ("", "No response body")  # what the generator writes where nothing is said
SPARSE_HINT = "Takes `fields` («Sparse answers»)."


def fill_descriptions(result: JSONObject, generator: object, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: describe what nobody has described yet."""
    for name, schema in result["components"]["schemas"].items():
        default = PAGE if name.endswith("Page") else COMPONENT.get(name)
        if default:
            schema.setdefault("description", default)
        for field, inner in schema.get("properties", {}).items():
            if not inner.get("description") and (words := field_description(name, field)):
                inner["description"] = words
    for operation in operations(result):
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            words = PARAMETER.get(f"{operation['operationId']}.{name}") or PARAMETER.get(name)
            if words:
                parameter.setdefault("description", words)
            parameter["description"] = parameter["description"].strip()  # the generator leaves room for choices
        for status, response in operation["responses"].items():
            if response["description"] in UNSAID:
                response["description"] = RESPONSE[status]
    return result


def field_description(component: str, field: str) -> str | None:
    """The description of a field that has none of its own."""
    if own := FIELD.get(f"{component}.{field}"):
        return own
    for beginning, descriptions in FIELDS_OF_SEVERAL.items():
        if component.startswith(beginning) and field in descriptions:
            return descriptions[field]
    return EVERY_FIELD.get(field)


def add_sparse_hint(result: JSONObject, generator: object, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: say at each operation that takes `fields` that it does. Runs before the translation."""
    for operation in operations(result):
        if SPARSE_FIELDS in operation:
            operation["description"] = [operation["description"], SPARSE_HINT]
    return result
