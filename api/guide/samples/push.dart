import 'dart:io' show Platform;

import 'package:firebase_core/firebase_core.dart';
import 'package:firebase_messaging/firebase_messaging.dart';
import 'package:shared_preferences/shared_preferences.dart';
import 'package:uuid/uuid.dart';
import 'client.dart';

/// [pageUrl] is for a browser or a view of yours; null: private news, of which the inbox has the entry [nid].
typedef Open = void Function(String? pageUrl, String nid);

/// Call it in main, after `ensureInitialized` of WidgetsFlutterBinding. [sync] reads the inbox, [open] shows the news.
Future<void> startPushes(Future<void> Function() sync, Open open) async {
  await Firebase.initializeApp(); // with the files that the operator of the server gave you
  final messaging = FirebaseMessaging.instance;
  await messaging.requestPermission();
  final token = await messaging.getToken(); // null without Google's services: read the inbox instead
  if (token != null) await register(token);
  messaging.onTokenRefresh.listen(register);
  FirebaseMessaging.onMessage.listen((_) => sync()); // the app is open: nothing is shown
  FirebaseMessaging.onMessageOpenedApp.listen((message) => opened(message, open));
  final first = await messaging.getInitialMessage(); // a tap that started the app
  if (first != null) await opened(first, open);
}

Future<void> opened(RemoteMessage message, Open open) async {
  final link = message.data['link'] as String, nid = message.data['nid'] as String;
  open(link.contains('/inbox/') ? null : message.data['page_url'] as String, nid);
  final kept = await SharedPreferences.getInstance();
  await call('PUT', 'inbox/$nid/read', secret: kept.getString('secret'));
}

/// At each start, and when Firebase gives another token. After an erasure it is a new installation.
Future<void> register(String token) async {
  final kept = await SharedPreferences.getInstance();
  final key = kept.getString('key') ?? const Uuid().v4();
  final secret = kept.getString('secret');
  try {
    final device = await call('PUT', 'devices/$key', secret: secret, body: {
      'registration_id': token,
      'id_kind': 'token',
      'platform': Platform.isIOS ? 'ios' : 'android',
      'language': 'vi',
    });
    await kept.setString('key', key);
    if (device['secret'] != null) await kept.setString('secret', device['secret'] as String);
  } on Problem catch (problem) {
    if (secret == null || problem.status != 401) rethrow;
    await kept.remove('key');
    await kept.remove('secret');
    await register(token); // then follow again
  }
}

Future<void> followLand() async {
  final kept = await SharedPreferences.getInstance();
  await call('PUT', 'follows/topic/11-dat-dai', secret: kept.getString('secret'), body: {'kinds': ['new', 'amended']});
}
