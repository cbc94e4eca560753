import 'dart:math';

import 'client.dart';

/// What [ask] answers. After 429 and 503 it is asked again, when the server says and not with all others at once.
Future<T> patiently<T>(Future<T> Function() ask, {int tries = 3}) async {
  try {
    return await ask();
  } on Problem catch (problem) {
    if ((problem.status != 429 && problem.status != 503) || tries <= 1) rethrow;
    await Future<void>.delayed(problem.retryAfter + Duration(milliseconds: Random().nextInt(1000)));
    return patiently(ask, tries: tries - 1);
  }
}
