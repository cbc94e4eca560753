class SharedPreferences {
  static final _kept = SharedPreferences();
  final _values = <String, Object>{};

  static Future<SharedPreferences> getInstance() async => _kept;
  String? getString(String key) => _values[key] as String?;
  Future<bool> setString(String key, String value) async {
    _values[key] = value;
    return true;
  }

  Future<bool> remove(String key) async => _values.remove(key) != null;
}
