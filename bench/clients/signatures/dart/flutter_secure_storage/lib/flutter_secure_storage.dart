class FlutterSecureStorage {
  const FlutterSecureStorage();
  static final _values = <String, String>{};

  Future<String?> read({required String key}) async => _values[key];
  Future<void> write({required String key, required String? value}) async =>
      value == null ? _values.remove(key) : _values[key] = value;
  Future<void> deleteAll() async => _values.clear();
}
