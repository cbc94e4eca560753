import 'dart:convert';
import 'package:http/http.dart' as http;

const api = 'https://luatmo.example/api/v1';

/// An error of the API: decide by [code], show [detail]. Without a network it is a ClientException of `http`.
class Problem implements Exception {
  Problem(this.status, this.code, this.detail, {this.retryAfter = const Duration(seconds: 1)});
  final int status;
  final String code;
  final String detail;
  final Duration retryAfter; // of 429 and 503

  factory Problem.of(http.Response answer) {
    final json = jsonDecode(utf8.decode(answer.bodyBytes)) as Map<String, dynamic>;
    final errors = [for (final each in json['errors'] as List? ?? []) each['detail'] as String];
    final detail = errors.isEmpty ? (json['detail'] ?? json['title']) as String : errors.join(' ');
    final seconds = int.tryParse(answer.headers['retry-after'] ?? '') ?? 1;
    return Problem(answer.statusCode, json['code'] as String, detail, retryAfter: Duration(seconds: seconds));
  }

  @override
  String toString() => '$status $code: $detail';
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
  if (answer.statusCode >= 400) throw Problem.of(answer);
  return answer.statusCode == 204 ? null : jsonDecode(utf8.decode(answer.bodyBytes));
}
