import 'client.dart';

const phones = 'https://luatmo.example/phone/devices';

/// A virtual phone in place of Firebase; [registration] is then the `registration_id` of PUT devices.
Future<void> makePhone(String registration) => call('PUT', '$phones/$registration', body: <String, dynamic>{});

/// What the phone shows, the newest first: title, body, data (nid, kind, link, page_url, key). Ask once a second.
Future<List<Map<String, dynamic>>> tray(String registration) async {
  final phone = await call('GET', '$phones/$registration') as Map<String, dynamic>;
  return (phone['tray'] as List<dynamic>).cast<Map<String, dynamic>>();
}
