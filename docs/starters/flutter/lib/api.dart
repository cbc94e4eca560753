// Compiled and run with Dart against a server (script/check-more clients), never on a phone: the Flutter SDK was not at
// hand, signatures were in its place.
import 'dart:convert';
import 'dart:io' show Platform;

import 'package:flutter_secure_storage/flutter_secure_storage.dart';
import 'package:http/http.dart' as http;
import 'package:uuid/uuid.dart';

/// Where the API is: `flutter run --dart-define=API=https://luatmo.example/api/v1`. On this machine an emulator or phone
/// of Android reaches it after `adb reverse tcp:8000 tcp:8000`.
const api = String.fromEnvironment('API', defaultValue: 'http://127.0.0.1:8000/api/v1');

typedef Json = Map<String, dynamic>;

/// An error of the API (RFC 9457): decide by [code], show [detail].
class Problem implements Exception {
  Problem(this.status, this.code, this.detail);
  final int status;
  final String code;
  final String detail;
}

/// Calls to the API, and the key and secret of this installation.
class Luatmo {
  static const _kept = FlutterSecureStorage();
  String? _secret;

  Future<Json> get(String path) => _call('GET', path);
  Future<Json> put(String path, [Json? body]) => _call('PUT', path, body ?? <String, dynamic>{});
  Future<Json> delete(String path) => _call('DELETE', path);

  /// Register at each start, and when Firebase gives another token. After an erasure it is a new installation.
  /// Without a token, as where Google's services are missing, there are no pushes; the inbox has all news.
  Future<void> register(String? token) async {
    final key = await _kept.read(key: 'key') ?? const Uuid().v4();
    _secret = await _kept.read(key: 'secret');
    try {
      final device = await put('devices/$key', {
        'registration_id': token ?? 'no-fcm-$key',
        'id_kind': 'token',
        'platform': Platform.isIOS ? 'ios' : 'android',
        'language': 'vi',
      });
      _secret = device['secret'] as String? ?? _secret;
      await _kept.write(key: 'key', value: key);
      await _kept.write(key: 'secret', value: _secret);
    } on Problem catch (problem) {
      if (_secret == null || (problem.status != 401 && problem.status != 404)) rethrow;
      await _kept.deleteAll();
      await register(token);
    }
  }

  /// All pages of a list.
  Future<List<Json>> rows(String path) async {
    final found = <Json>[];
    String? next = path;
    while (next != null) {
      final page = await get(next);
      found.addAll((page['results'] as List).cast<Json>());
      next = page['next'] as String?;
    }
    return found;
  }

  Future<Json> _call(String method, String path, [Json? body]) async {
    final request = http.Request(method, Uri.parse(path.startsWith('http') ? path : '$api/$path'));
    request.headers['Accept'] = 'application/json';
    request.headers['Accept-Language'] = 'vi';
    if (_secret != null) request.headers['Authorization'] = 'Bearer $_secret';
    if (body != null) {
      request.headers['Content-Type'] = 'application/json';
      request.body = jsonEncode(body);
    }
    final answer = await http.Response.fromStream(await request.send());
    if (answer.statusCode == 204) return {};
    final json = jsonDecode(utf8.decode(answer.bodyBytes)) as Json;
    if (answer.statusCode < 400) return json;
    throw Problem(answer.statusCode, json['code'] as String, (json['detail'] ?? json['title']) as String);
  }
}
