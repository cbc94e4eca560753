import 'client.dart';

Future<void> show(String words) async {
  final found = await call('GET', 'search?page_size=5&q=${Uri.encodeQueryComponent(words)}') as Map<String, dynamic>;
  for (final hit in (found['results'] as List).cast<Map<String, dynamic>>()) {
    final shown = hit[hit['kind']] as Map<String, dynamic>?; // document, provision, question, event or contest
    if (shown == null) continue; // a kind that this app does not know yet
    print('${shown['citation'] ?? shown['title']} ${hit['effect_status_name'] ?? ''} ${shown['url']}');
  }
  if (found['did_you_mean'] != '') print('Ý bạn là: ${found['did_you_mean']}');
}
