// An app's main job through the client generated with dart-dio, against a live server: dart main_job_dio.dart BASE_URL
// Register, follow, list, read a provision with what it cites, ask, come to an event, read the inbox, read the change log.
import 'dart:io';

import 'package:built_collection/built_collection.dart';
import 'package:dio/dio.dart';
import 'package:openapi/openapi.dart';

void check(bool holds, String otherwise) {
  if (!holds) throw StateError(otherwise);
}

Openapi clientOf(String base, [String? secret]) {
  final client = Openapi(basePathOverride: base);
  if (secret != null) client.setBearerAuth('device', secret);
  return client;
}

/// [key]: of a sample law one of whose points names a clause of it.
Future<void> checkCitations(Openapi client, String key) async {
  final documents = client.getDocumentsApi(), citations = client.getCitationsApi();
  final units = (await documents.getDocumentText(key: key)).data!.provisions;
  final unit = units.firstWhere((each) => each.links.isNotEmpty);
  final link = unit.links.first;
  check(unit.text.substring(link.start, link.end).contains('khoản 2 Điều 2'), 'a link beside its words');
  final citing = (await citations.listCitingProvisions(key: key, eid: link.eids.first)).data!.results;
  check(citing.any((each) => each.eid == unit.eid), 'not cited by what cites it');

  final text = ResolveCitationsRequest((each) => each
    ..text = 'Xem khoản 2 Điều 2 Luật này.'
    ..context.document = key);
  final citation = (await citations.resolveCitations(resolveCitationsRequest: text)).data!.citations.first;
  check(citation.candidates.first.provisions.first.eid == link.eids.first, 'a citation not resolved');
  final request = DocumentStatusesRequest((each) => each.references.add(key));
  final asked = (await citations.getDocumentStatuses(documentStatusesRequest: request)).data!.results.first;
  final number = asked.candidates.first.document.number;
  final found = (await citations.lookUpDocument(number: number)).data!.candidates;
  check(found.any((each) => each.document.key == key), 'not found by its number');
}

/// A day is read as it was asked for. What is no JSON is asked for as it came. An error holds the problem.
Future<void> checkAnswers(Openapi client, String key) async {
  final documents = client.getDocumentsApi();
  final read = (await documents.getDocument(key: key, asOf: Date(2025, 3, 1))).data!;
  check(read.asOf == Date(2025, 3, 1), 'another day than asked for: ${read.asOf}');
  final markdown = await client.dio.get<String>('/api/v1/documents/$key/text', queryParameters: {'format': 'md'});
  check(markdown.data!.startsWith('---'), 'no Markdown');
  try {
    await documents.getDocument(key: 'khong-co');
    check(false, 'a law that does not exist');
  } on DioException catch (error) {
    final problem = standardSerializers.deserializeWith(Problem.serializer, error.response!.data)!;
    check(problem.status == 404 && problem.code == 'not_found' && problem.title.isNotEmpty, '$problem');
  }
  final unknown = standardSerializers.deserializeWith(EffectStatus.serializer, 'a_new_one');
  check(unknown == EffectStatus.unknownDefaultOpenApi, 'a value that is not known yet loses a page');
}

Future<void> main(List<String> arguments) async {
  final base = arguments.first;
  final anybody = clientOf(base);
  final installation = 'client-$pid-${DateTime.now().microsecondsSinceEpoch}';
  final device = await anybody.getDevicesApi().putDevice(
        installationKey: installation,
        deviceRequest: DeviceRequest((each) => each
          ..registrationId = 'registration-$installation'
          ..idKind = DeviceIdKind.token
          ..platform = DevicePlatform.android),
      );
  final mine = clientOf(base, device.data!.secret!);

  final topic = (await anybody.getTopicsApi().listTopics()).data!.results.first;
  final wanted = FollowRequest((each) => each.kinds.add(NotificationKind.new_));
  await mine.getFollowsApi().follow(target: FollowTarget.topic, key: topic.key, followRequest: wanted);

  final documents = anybody.getDocumentsApi();
  final inForce = BuiltList<EffectStatus>([EffectStatus.inForce]);
  final law = (await documents.listDocuments(status: inForce, pageSize: 5)).data!.results.first;
  final units = (await documents.getDocumentText(key: law.key)).data!.provisions;
  final article = units.firstWhere((unit) => unit.kind == ProvisionKind.article);
  final provision = (await documents.getProvision(key: law.key, eid: article.eid)).data!;
  check(provision.text.isNotEmpty && provision.citation.isNotEmpty, 'an empty provision');

  await checkCitations(anybody, 'luat-2024-00-0000-mau');
  await checkAnswers(anybody, law.key);

  final questions = mine.getQuestionsApi();
  final asked = NewQuestionRequest((each) => each
    ..title = 'Thử máy'
    ..text = 'Điều này còn hiệu lực không?'
    ..consentToPublish = false);
  final question = (await questions.ask(idempotencyKey: 'key-$installation', newQuestionRequest: asked)).data!;
  check((await questions.listMyQuestions()).data!.results.single.key == question.key, 'not my question');

  final event = (await anybody.getEventsApi().listEvents(status: EventStatus.announced)).data!.results.first;
  final registration = (await mine.getEventsApi().register(key: event.key)).data!;
  check(registration.status == RegistrationStatus.seated, 'no seat');
  final coming = (await mine.getEventsApi().listMyEvents()).data!.results;
  check(coming.single.event.key == event.key, 'not my event');
  check((await mine.getInboxApi().listInbox()).data!.results.isEmpty, 'told of nothing yet');

  final changes = (await anybody.getChangesApi().listChanges(after: '0', pageSize: 3)).data!;
  check(changes.cursor == changes.results.last.key, 'a cursor that is no key');
  await mine.getDevicesApi().deleteDevice(installationKey: installation);
  print('dart-dio client: ${law.number}, ${provision.citation}, ${event.key}: the main job is done');
}
