import 'package:shared_preferences/shared_preferences.dart';
import 'client.dart';

/// What came since the last call, oldest first. Ask at each start, and after each push.
Future<List<Map<String, dynamic>>> news() async {
  final kept = await SharedPreferences.getInstance();
  final after = kept.getString('after'); // the newest entry that you have
  final entries = <Map<String, dynamic>>[];
  String? next = after == null ? 'inbox?unread=true' : 'inbox?after=$after';
  while (next != null) {
    final page = await call('GET', next, secret: kept.getString('secret')) as Map<String, dynamic>;
    entries.addAll((page['results'] as List<dynamic>).cast<Map<String, dynamic>>());
    next = page['next'] as String?;
  }
  if (entries.isNotEmpty) await kept.setString('after', entries.first['key'] as String);
  return entries.reversed.toList(); // each has title, body, page_url; mark it with PUT inbox/{key}/read
}
