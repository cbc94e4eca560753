// An app's main job through the generated Kotlin client: compiled against it, not run (signatures/okhttp.kt says why).
import java.util.UUID
import org.openapitools.client.apis.ChangesApi
import org.openapitools.client.apis.CitationsApi
import org.openapitools.client.apis.DevicesApi
import org.openapitools.client.apis.DocumentsApi
import org.openapitools.client.apis.EventsApi
import org.openapitools.client.apis.FollowsApi
import org.openapitools.client.apis.InboxApi
import org.openapitools.client.apis.QuestionsApi
import org.openapitools.client.apis.TopicsApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.models.CitationContextRequest
import org.openapitools.client.models.DeviceIdKind
import org.openapitools.client.models.DevicePlatform
import org.openapitools.client.models.DeviceRequest
import org.openapitools.client.models.DocumentStatusesRequest
import org.openapitools.client.models.EffectStatus
import org.openapitools.client.models.EventStatus
import org.openapitools.client.models.FollowRequest
import org.openapitools.client.models.FollowTarget
import org.openapitools.client.models.NewQuestionRequest
import org.openapitools.client.models.NotificationKind
import org.openapitools.client.models.ProvisionKind
import org.openapitools.client.models.ResolveCitationsRequest

/** `key`: of a sample law one of whose points names a clause of it. */
fun checkCitations(base: String, key: String) {
    val citations = CitationsApi(base)
    val unit = DocumentsApi(base).getDocumentText(key).provisions.first { it.links.isNotEmpty() }
    val link = unit.links.first()
    check("khoản 2 Điều 2" in unit.text.substring(link.start, link.end))
    check(citations.listCitingProvisions(key, eid = link.eids.first()).results.any { it.eid == unit.eid })
    val text = ResolveCitationsRequest("Xem khoản 2 Điều 2 Luật này.", context = CitationContextRequest(key))
    val citation = citations.resolveCitations(text).citations.first()
    check(citation.candidates.first().provisions.first().eid == link.eids.first())
    val asked = citations.getDocumentStatuses(DocumentStatusesRequest(listOf(key))).results.first()
    val found = citations.lookUpDocument(number = asked.candidates.first().document.number)
    check(found.candidates.any { it.document.key == key })
}

fun main(arguments: Array<String>) {
    val base = arguments[0]
    val installation = "client-${UUID.randomUUID()}"
    val body = DeviceRequest("registration-${UUID.randomUUID()}", DeviceIdKind.token, DevicePlatform.android)
    ApiClient.accessToken = DevicesApi(base).putDevice(installation, body).secret

    val topic = TopicsApi(base).listTopics().results.first()
    FollowsApi(base).follow(FollowTarget.topic, topic.key, FollowRequest(kinds = listOf(NotificationKind.new)))

    val documents = DocumentsApi(base)
    val law = documents.listDocuments(status = listOf(EffectStatus.in_force), pageSize = 5).results.first()
    val article = documents.getDocumentText(law.key).provisions.first { it.kind == ProvisionKind.article }
    val provision = documents.getProvision(law.key, article.eid)
    check(provision.text.isNotEmpty() && provision.citation.isNotEmpty())

    checkCitations(base, "luat-2024-00-0000-mau")

    val asked = NewQuestionRequest("Thử máy", "Điều này còn hiệu lực không?", consentToPublish = false)
    val question = QuestionsApi(base).ask(UUID.randomUUID().toString(), asked)
    check(QuestionsApi(base).listMyQuestions().results.map { it.key } == listOf(question.key))

    val event = EventsApi(base).listEvents(status = EventStatus.announced).results.first()
    EventsApi(base).register(event.key)
    check(EventsApi(base).listMyEvents().results.single().event.key == event.key)
    check(InboxApi(base).listInbox().results.isEmpty())

    val changes = ChangesApi(base).listChanges(after = "0", pageSize = 3)
    check(changes.cursor == changes.results.last().key)
    DevicesApi(base).deleteDevice(installation)
    println("kotlin client: ${law.number}, ${provision.citation}, ${event.key}: the main job is done")
}
