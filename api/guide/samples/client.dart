import 'dart:convert';
import 'package:http/http.dart' as http;

const api = 'https://luatmo.example/api/v1';

class Problem implements Exception {
  Problem(this.status, this.code, this.detail);
  final int status;
  final String code;
  final String detail;
}

Future<dynamic> call(String method, String path, {Object? body, String? secret}) async {
  final request = http.Request(method, Uri.parse(path.startsWith('http') ? path : '$api/$path'));
  request.headers.addAll({'Accept': 'application/json', 'Accept-Language': 'vi'});
  if (secret != null) request.headers['Authorization'] = 'Bearer $secret';
  if (body != null) {
    request.headers['Content-Type'] = 'application/json';
    request.body = jsonEncode(body);
  }
  final answer = await http.Response.fromStream(await request.send());
  if (answer.statusCode == 204) return null;
  final json = jsonDecode(utf8.decode(answer.bodyBytes));
  if (answer.statusCode < 400) return json;
  final errors = [for (final each in json['errors'] as List? ?? []) each['detail'] as String];
  final detail = errors.isEmpty ? (json['detail'] ?? json['title']) as String : errors.join(' ');
  throw Problem(answer.statusCode, json['code'] as String, detail);
}
