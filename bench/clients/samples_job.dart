// The Dart samples of the guide, the lines of docs/citations.md and the calls of the Flutter starter, at work against a
// live server: dart samples_job.dart BASE_URL COMMAND… where COMMAND publishes the sample laws and notifies of them.
import 'dart:io';

import 'package:firebase_messaging/firebase_messaging.dart';
import 'package:flutter/gestures.dart';
import 'package:flutter/painting.dart';
import 'package:shared_preferences/shared_preferences.dart';

import 'client.dart';
import 'inbox.dart';
import 'lines_of_citations.dart' as lines;
import 'local_push.dart';
import 'offline.dart' as offline;
import 'push.dart';
import 'retry.dart';
import 'search.dart';
import 'starter/api.dart' show Luatmo;
import 'starter/main.dart' as starter;
import 'tappable.dart';

const law = 'luat-2024-00-0000-mau';

void check(bool holds, String otherwise) {
  if (!holds) throw StateError(otherwise);
}

Future<T> eventually<T extends Object>(Future<T?> Function() look) async {
  for (var tries = 0; tries < 120; tries++) {
    final found = await look();
    if (found != null) return found;
    await Future<void>.delayed(const Duration(milliseconds: 500));
  }
  throw StateError('never');
}

/// Searching, errors, and what is kept for use without a network.
Future<void> read(Directory folder) async {
  await show('dat dai');
  check((await patiently(() => call('GET', 'topics')))['results'] is List, 'no topics');
  try {
    await call('GET', 'documents?sttus=in_force');
    check(false, 'a misspelt parameter');
  } on Problem catch (problem) {
    check(problem.status == 400 && problem.code == 'invalid' && '$problem'.contains('Tham số'), '$problem');
  }
  final path = 'documents/$law?include=text';
  final first = await offline.read(path, folder), second = await offline.read(path, folder);
  check(first.isFresh && second.isFresh && '${first.answer}' == '${second.answer}', 'another answer with its ETag');
  final spoiled = folder.listSync().single as File;
  await HttpOverrides.runZoned(() async {
    final third = await offline.read(path, folder);
    check(!third.isFresh && '${third.answer}' == '${first.answer}', 'nothing without a network');
  }, createHttpClient: (_) => throw const SocketException('no network'));
  check(await spoiled.exists(), 'a copy that is lost');
}

/// Words that can be tapped lead to what they name, and no letter is lost.
Future<void> tap() async {
  final text = await call('GET', 'documents/$law/text') as Map<String, dynamic>;
  final units = (text['provisions'] as List<dynamic>).cast<Map<String, dynamic>>();
  final unit = units.firstWhere((each) => (each['links'] as List<dynamic>).isNotEmpty);
  final opened = <String>[];
  tapAll(tappable(unit, opened.add), unit['text'] as String);
  check(((await call('GET', opened.single))['text'] as String).isNotEmpty, 'a link to nothing');

  const words = 'Xem điểm a khoản 2 Điều 2 Luật này.';
  final body = {'text': words, 'context': {'document': law}};
  final found = await call('POST', 'citations/resolve', body: body);
  opened.clear();
  tapAll(lines.tappable(words, found['citations'] as List<dynamic>, opened.add), words);
  check(opened.single.endsWith('art_2__clause_2__point_a'), '$opened');
}

void tapAll(List<InlineSpan> spans, String text) {
  final parts = spans.cast<TextSpan>();
  check(parts.map((part) => part.text).join() == text, 'a letter is lost');
  for (final part in parts) {
    (part.recognizer as TapGestureRecognizer?)?.onTap!();
  }
}

/// Two pushes arrive at the virtual phone, the inbox has both, and a tap marks one as read.
Future<void> receive(List<String> publish) async {
  final messaging = FirebaseMessaging.instance;
  final registration = messaging.token = 'dart-samples-$pid-${DateTime.now().microsecondsSinceEpoch}';
  await makePhone(registration);
  final opened = <String?>[], synced = <String>[];
  await startPushes(() async => synced.addAll((await news()).map((entry) => entry['title'] as String)), (page, nid) => opened.add(page));
  await followLand();
  final done = await Process.run(publish.first, publish.sublist(1));
  check(done.exitCode == 0, '${done.stdout}${done.stderr}');
  final cards = await eventually(() async => (await tray(registration)).length == 2 ? tray(registration) : null);
  FirebaseMessaging.arriving.add(RemoteMessage(data: cards.first['data'] as Map<String, dynamic>));
  await eventually(() async => synced.length == 2 ? synced : null);
  check((await news()).isEmpty, 'the same news twice');
  FirebaseMessaging.tapped.add(RemoteMessage(data: cards.first['data'] as Map<String, dynamic>));
  await eventually(() async => opened.isEmpty ? null : opened);
  check(((await call('GET', opened.single!))['title'] as String).isNotEmpty, 'a push that opens nothing');
  final kept = await SharedPreferences.getInstance();
  await eventually(() async => (await call('GET', 'inbox/unread', secret: kept.getString('secret')))['count'] == 1 ? 1 : null);
  await call('DELETE', 'me', secret: kept.getString('secret'));
  final key = kept.getString('key');
  await register(registration); // after the erasure it is a new installation
  check(kept.getString('key') != key, 'an erased installation that is kept');
  await call('DELETE', 'me', secret: kept.getString('secret'));
}

/// The calls of the starter; its widgets are compiled only.
Future<void> start() async {
  final luatmo = Luatmo();
  await luatmo.register(null);
  await luatmo.put('follows/topic/11-dat-dai');
  check((await luatmo.rows('follows')).single['key'] == '11-dat-dai', 'not followed');
  check((await luatmo.rows('inbox')).isEmpty, 'told of nothing yet');
  check((await luatmo.rows('topics')).isNotEmpty, 'no topics');
  await luatmo.delete('follows/topic/11-dat-dai');
  await luatmo.delete('me');
  await luatmo.register(null);
  check((await luatmo.rows('follows')).isEmpty, 'follows after an erasure');
  await luatmo.delete('me');
  starter.openNews('$api/documents/$law', '');
}

Future<void> main(List<String> publish) async {
  final folder = await Directory.systemTemp.createTemp('luatmo-dart');
  try {
    await read(folder);
    await tap();
    await receive(publish);
    await start();
  } finally {
    await folder.delete(recursive: true);
  }
  print('dart samples: read, tapped, told twice, erased');
  exit(0); // the streams of the trial stay open
}
