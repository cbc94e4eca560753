class FirebaseApp {}

class Firebase {
  static Future<FirebaseApp> initializeApp() async => FirebaseApp();
}
