// An app's main job through the generated Swift client, against a live server: main_job BASE_URL
// Compiled together with the client. Register, follow, list, read a provision with what it cites, ask, come to an event,
// read the inbox and the change log; instants have six digits of a second.
import Foundation

func check(_ holds: Bool, _ what: String) {
    if !holds { fatalError(what) }
}

/// `key`: of a sample law one of whose points names a clause of it.
func checkCitations(_ key: String) async throws {
    let unit = try await DocumentsAPI.getDocumentText(key: key).provisions.first { !$0.links.isEmpty }!
    let link = unit.links.first!
    let words = unit.text.unicodeScalars
    let start = words.index(words.startIndex, offsetBy: link.start)
    let cited = String(words[start..<words.index(words.startIndex, offsetBy: link.end)])
    check(cited.contains("khoản 2 Điều 2"), "a link beside its words")
    let citing = try await CitationsAPI.listCitingProvisions(key: key, eid: link.eids.first!).results
    check(citing.contains { $0.eid == unit.eid }, "not cited by what cites it")

    let context = CitationContextRequest(document: key)
    let text = ResolveCitationsRequest(text: "Xem khoản 2 Điều 2 Luật này.", context: context)
    let citation = try await CitationsAPI.resolveCitations(resolveCitationsRequest: text).citations.first!
    check(citation.candidates.first?.provisions.first?.eid == link.eids.first, "a citation not resolved")
    let references = DocumentStatusesRequest(references: [key])
    let asked = try await CitationsAPI.getDocumentStatuses(documentStatusesRequest: references).results.first!
    let found = try await CitationsAPI.lookUpDocument(number: asked.candidates.first!.document.number).candidates
    check(found.contains { $0.document.key == key }, "not found by its number")
}

func mainJob(_ base: String) async throws {
    let shared = OpenAPIClientAPIConfiguration.shared
    shared.basePath = base
    let installation = "client-\(UUID().uuidString)"
    let body = DeviceRequest(registrationId: "registration-\(UUID().uuidString)", idKind: .token, platform: .ios)
    let device = try await DevicesAPI.putDevice(installationKey: installation, deviceRequest: body)
    check(abs(device.lastSeenAt.timeIntervalSinceNow) < 600, "an instant of six digits is read wrong")
    shared.customHeaders["Authorization"] = "Bearer \(device.secret!)"

    let topic = try await TopicsAPI.listTopics().results.first!
    _ = try await FollowsAPI.follow(target: .topic, key: topic.key, followRequest: FollowRequest(kinds: [.new]))

    let law = try await DocumentsAPI.listDocuments(pageSize: 5, status: [.inForce]).results.first!
    let text = try await DocumentsAPI.getDocumentText(key: law.key)
    let article = text.provisions.first { $0.kind == .article }!
    let provision = try await DocumentsAPI.getProvision(key: law.key, eid: article.eid)
    check(!provision.text.isEmpty && !provision.citation.isEmpty, "an empty provision")

    try await checkCitations("luat-2024-00-0000-mau")

    let asked = NewQuestionRequest(title: "Thử máy", text: "Điều này còn hiệu lực không?", consentToPublish: false)
    let question = try await QuestionsAPI.ask(idempotencyKey: UUID().uuidString, newQuestionRequest: asked)
    let mine = try await QuestionsAPI.listMyQuestions().results
    check(mine.map { $0.key } == [question.key], "not my question")

    let event = try await EventsAPI.listEvents(status: .announced).results.first!
    _ = try await EventsAPI.register(key: event.key, newRegistrationRequest: NewRegistrationRequest())
    let coming = try await EventsAPI.listMyEvents().results
    check(coming.map { $0.event.key } == [event.key], "not my event")
    let inbox = try await InboxAPI.listInbox().results
    check(inbox.isEmpty, "told of nothing yet")

    let changes = try await ChangesAPI.listChanges(after: "0", pageSize: 3)
    check(changes.cursor == changes.results.last!.key, "a cursor that is no key")
    try await DevicesAPI.deleteDevice(installationKey: installation)
    print("swift client: \(law.number), \(provision.citation), \(event.key): the main job is done")
}

try await mainJob(CommandLine.arguments[1])
