import 'package:firebase_messaging/firebase_messaging.dart';
import 'package:shared_preferences/shared_preferences.dart';
import 'package:uuid/uuid.dart';
import 'client.dart';

Future<String> register(String platform) async {
  await FirebaseMessaging.instance.requestPermission();
  final kept = await SharedPreferences.getInstance();
  final key = kept.getString('key') ?? const Uuid().v4();
  final secret = kept.getString('secret');
  final device = await call('PUT', 'devices/$key', secret: secret, body: {
    'registration_id': await FirebaseMessaging.instance.getToken(),
    'id_kind': 'token',
    'platform': platform, // android or ios
    'language': 'vi',
  });
  await kept.setString('key', key);
  await kept.setString('secret', (device['secret'] ?? secret) as String);
  return kept.getString('secret')!;
}

Future<void> followAndListen(String secret, void Function(String link) open) async {
  await call('PUT', 'follows/topic/11-dat-dai', secret: secret, body: {'kinds': ['new', 'amended']});
  FirebaseMessaging.onMessageOpenedApp.listen((message) => open(message.data['link'] as String));
  final first = await FirebaseMessaging.instance.getInitialMessage(); // a tap that started the app
  if (first != null) open(first.data['link'] as String);
}
