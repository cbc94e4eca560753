import 'dart:convert';
import 'dart:io';

import 'package:crypto/crypto.dart';
import 'package:http/http.dart' as http;
import 'client.dart';

/// The newest answer; without a network, the one in [folder]. For public calls, without the secret.
Future<({Map<String, dynamic> answer, bool isFresh})> read(String path, Directory folder) async {
  final address = Uri.parse('$api/$path');
  final file = File('${folder.path}/${sha256.convert(utf8.encode('$address'))}.json');
  final kept = await file.exists() ? jsonDecode(await file.readAsString()) as Map<String, dynamic> : null;
  final http.Response answer;
  try {
    final headers = {'Accept-Language': 'vi', if (kept != null) 'If-None-Match': kept['etag'] as String};
    answer = await http.get(address, headers: headers).timeout(const Duration(seconds: 10));
  } on Exception {
    if (kept == null) rethrow;
    return (answer: kept['body'] as Map<String, dynamic>, isFresh: false);
  }
  if (answer.statusCode == 304) return (answer: kept!['body'] as Map<String, dynamic>, isFresh: true);
  if (answer.statusCode >= 400) {
    if (kept != null && (answer.statusCode == 404 || answer.statusCode == 410)) await file.delete(); // see below
    throw Problem.of(answer);
  }
  final json = jsonDecode(utf8.decode(answer.bodyBytes)) as Map<String, dynamic>;
  await file.writeAsString(jsonEncode({'etag': answer.headers['etag'], 'body': json}));
  return (answer: json, isFresh: true);
}
