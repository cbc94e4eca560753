import 'package:flutter/gestures.dart';
import 'package:flutter/painting.dart';

/// The text of a provision, in which what it cites can be tapped.
List<InlineSpan> tappable(Map<String, dynamic> provision, void Function(String url) open) {
  final text = provision['text'] as String;
  final spans = <InlineSpan>[];
  var at = 0;
  for (final link in provision['links'] as List<dynamic>) {
    final start = link['start'] as int, end = link['end'] as int;
    spans.add(TextSpan(text: text.substring(at, start)));
    spans.add(TextSpan(
      text: text.substring(start, end),
      style: const TextStyle(decoration: TextDecoration.underline),
      recognizer: TapGestureRecognizer()..onTap = () => open(link['url'] as String),
    ));
    at = end;
  }
  return [...spans, TextSpan(text: text.substring(at))];
}
