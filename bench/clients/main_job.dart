// An app's main job through the generated Dart client, against a live server: dart main_job.dart BASE_URL
// Register, follow, list, read a provision with what it cites, ask, come to an event, read the inbox, read the change log.
import 'dart:convert';
import 'dart:io';

import 'package:openapi/api.dart';

void check(bool holds, String otherwise) {
  if (!holds) throw StateError(otherwise);
}

/// [key]: of a sample law one of whose points names a clause of it.
Future<void> checkCitations(ApiClient client, String key) async {
  final documents = DocumentsApi(client), citations = CitationsApi(client);
  final units = (await documents.getDocumentText(key))!.provisions;
  final unit = units.firstWhere((each) => each.links.isNotEmpty);
  final link = unit.links.first;
  check(unit.text.substring(link.start, link.end).contains('khoản 2 Điều 2'), 'a link beside its words');
  final citing = (await citations.listCitingProvisions(key, eid: link.eids.first))!.results;
  check(citing.any((each) => each.eid == unit.eid), 'not cited by what cites it');

  final context = CitationContextRequest(document: key);
  final text = ResolveCitationsRequest(text: 'Xem khoản 2 Điều 2 Luật này.', context: context);
  final citation = (await citations.resolveCitations(text))!.citations.first;
  check(citation.candidates.first.provisions.first.eid == link.eids.first, 'a citation not resolved');
  final asked = await citations.getDocumentStatuses(DocumentStatusesRequest(references: [key]));
  final number = asked!.results.first.candidates.first.document.number;
  final found = (await citations.lookUpDocument(number: number))!.candidates;
  check(found.any((each) => each.document.key == key), 'not found by its number');

  // what is not JSON: the types are of JSON only (`/docs/clients` of the guide)
  final markdown = await documents.getDocumentTextWithHttpInfo(key, format: TextFormat.md);
  final akn = await documents.getProvisionWithHttpInfo(key, unit.eid, format: ProvisionFormat.akn);
  check(utf8.decode(markdown.bodyBytes).startsWith('---'), 'no Markdown');
  check(utf8.decode(akn.bodyBytes).contains('<akomaNtoso'), 'no Akoma Ntoso');
}

/// A day is read as it was asked for, whether it is said in Vietnam's time or in UTC.
Future<void> checkDays(ApiClient client, String key) async {
  for (final day in [DateTime.utc(2025, 3, 1), DateTime.parse('2025-03-01')]) {
    final read = (await DocumentsApi(client).getDocument(key, asOf: day))!;
    check('${read.asOf}'.startsWith('2025-03-01'), 'another day than asked for: ${read.asOf}');
  }
}

/// A value that is not known yet loses no page; the generator needs a line of the guide for that.
void checkUnknownValues() {
  final status = EffectStatus.fromJson('a_new_one');
  check(status == EffectStatus.unknownDefaultOpenApi, 'a value that is not known yet loses a page');
  check(Organisation.fromJson(null) == null && EffectStatus.fromJson(null) == null, 'null is not null');
}

/// What a typed client makes of an error: the problem is in the message.
Future<void> checkErrors(ApiClient client) async {
  try {
    await DocumentsApi(client).getDocument('khong-co');
    check(false, 'a law that does not exist');
  } on ApiException catch (error) {
    final problem = Problem.fromJson(jsonDecode(error.message!))!;
    check(error.code == 404 && problem.code == 'not_found' && problem.title.isNotEmpty, '$error');
  }
}

Future<void> main(List<String> arguments) async {
  final base = arguments.first;
  final anybody = ApiClient(basePath: base);
  final installation = 'client-$pid-${DateTime.now().microsecondsSinceEpoch}';
  final device = await DevicesApi(anybody).putDevice(
    installation,
    DeviceRequest(registrationId: 'registration-$installation', idKind: DeviceIdKind.token, platform: DevicePlatform.android),
  );
  final mine = ApiClient(basePath: base, authentication: HttpBearerAuth()..accessToken = device!.secret!);

  final topic = (await TopicsApi(anybody).listTopics())!.results.first;
  await FollowsApi(mine).follow(FollowTarget.topic, topic.key, followRequest: FollowRequest(kinds: [NotificationKind.new_]));

  final documents = DocumentsApi(anybody);
  final law = (await documents.listDocuments(status: [EffectStatus.inForce], pageSize: 5))!.results.first;
  final units = (await documents.getDocumentText(law.key))!.provisions;
  final article = units.firstWhere((unit) => unit.kind == ProvisionKind.article);
  final provision = (await documents.getProvision(law.key, article.eid))!;
  check(provision.text.isNotEmpty && provision.citation.isNotEmpty, 'an empty provision');

  await checkCitations(anybody, 'luat-2024-00-0000-mau');
  await checkDays(anybody, law.key);
  await checkErrors(anybody);
  checkUnknownValues();

  final asked = NewQuestionRequest(title: 'Thử máy', text: 'Điều này còn hiệu lực không?', consentToPublish: false);
  final question = (await QuestionsApi(mine).ask('key-$installation', asked))!;
  final own = (await QuestionsApi(mine).listMyQuestions())!.results;
  check(own.single.key == question.key, 'not my question');

  final event = (await EventsApi(anybody).listEvents(status: EventStatus.announced))!.results.first;
  final registration = (await EventsApi(mine).register(event.key))!;
  check(registration.status == RegistrationStatus.seated, 'no seat');
  check((await EventsApi(mine).listMyEvents())!.results.single.event.key == event.key, 'not my event');
  check((await InboxApi(mine).listInbox())!.results.isEmpty, 'told of nothing yet');

  final changes = (await ChangesApi(anybody).listChanges(after: '0', pageSize: 3))!;
  check(changes.cursor == changes.results.last.key, 'a cursor that is no key');
  await DevicesApi(mine).deleteDevice(installation);
  print('dart client: ${law.number}, ${provision.citation}, ${event.key}: the main job is done');
}
