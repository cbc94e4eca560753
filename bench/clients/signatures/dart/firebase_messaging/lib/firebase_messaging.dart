import 'dart:async';

class RemoteMessage {
  const RemoteMessage({this.data = const <String, dynamic>{}});
  final Map<String, dynamic> data;
}

class NotificationSettings {}

class FirebaseMessaging {
  static final FirebaseMessaging instance = FirebaseMessaging();
  static final arriving = StreamController<RemoteMessage>(), tapped = StreamController<RemoteMessage>(); // of the trial
  static Stream<RemoteMessage> get onMessage => arriving.stream;
  static Stream<RemoteMessage> get onMessageOpenedApp => tapped.stream;

  final tokens = StreamController<String>(); // of the trial
  String? token; // of the trial
  RemoteMessage? first; // of the trial
  Stream<String> get onTokenRefresh => tokens.stream;
  Future<NotificationSettings> requestPermission({bool alert = true, bool badge = true, bool sound = true}) async =>
      NotificationSettings();
  Future<String?> getToken({String? vapidKey}) async => token;
  Future<RemoteMessage?> getInitialMessage() async => first;
}
