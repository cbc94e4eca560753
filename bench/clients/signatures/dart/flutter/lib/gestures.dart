typedef GestureTapCallback = void Function();

abstract class GestureRecognizer {}

class TapGestureRecognizer extends GestureRecognizer {
  GestureTapCallback? onTap;
}
