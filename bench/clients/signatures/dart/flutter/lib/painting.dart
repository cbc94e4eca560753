import 'gestures.dart';

class TextDecoration {
  const TextDecoration._();
  static const underline = TextDecoration._();
}

class TextStyle {
  const TextStyle({this.decoration});
  final TextDecoration? decoration;
}

abstract class InlineSpan {
  const InlineSpan();
}

class TextSpan extends InlineSpan {
  const TextSpan({this.text, this.style, this.recognizer});
  final String? text;
  final TextStyle? style;
  final GestureRecognizer? recognizer;
}

class EdgeInsets {
  const EdgeInsets.all(this.value);
  final double value;
}
