import 'dart:math';

import 'client.dart';

/// Ask again after 429 and 503, when the server says: `await patiently(() => call('GET', 'topics'))`.
Future<T> patiently<T>(Future<T> Function() ask, {int tries = 3}) async {
  try {
    return await ask();
  } on Problem catch (problem) {
    if ((problem.status != 429 && problem.status != 503) || tries <= 1) rethrow;
    await Future<void>.delayed(problem.retryAfter + Duration(milliseconds: Random().nextInt(1000)));
    return patiently(ask, tries: tries - 1);
  }
}
