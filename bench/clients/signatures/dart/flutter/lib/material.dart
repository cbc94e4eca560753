import 'painting.dart';

export 'painting.dart';

typedef VoidCallback = void Function();
typedef ValueChanged<T> = void Function(T value);
typedef WidgetBuilder = Widget Function(BuildContext context);
typedef RefreshCallback = Future<void> Function();
typedef AsyncWidgetBuilder<T> = Widget Function(BuildContext context, AsyncSnapshot<T> snapshot);

abstract class Key {
  const Key();
}

class GlobalKey<T extends State<StatefulWidget>> extends Key {
  GlobalKey();
  T? get currentState => null;
}

abstract class BuildContext {}

abstract class Widget {
  const Widget({this.key});
  final Key? key;
}

abstract class PreferredSizeWidget implements Widget {}

abstract class StatelessWidget extends Widget {
  const StatelessWidget({super.key});
  Widget build(BuildContext context);
}

abstract class StatefulWidget extends Widget {
  const StatefulWidget({super.key});
  State createState();
}

abstract class State<T extends StatefulWidget> {
  T get widget => throw UnimplementedError();
  void setState(VoidCallback fn) => fn();
  Widget build(BuildContext context);
}

class WidgetsFlutterBinding {
  static WidgetsFlutterBinding ensureInitialized() => WidgetsFlutterBinding();
}

void runApp(Widget app) {}

abstract class Route<T> {}

class MaterialPageRoute<T> extends Route<T> {
  MaterialPageRoute({required this.builder});
  final WidgetBuilder builder;
}

class Navigator extends StatefulWidget {
  const Navigator({super.key});
  @override
  NavigatorState createState() => NavigatorState();
}

class NavigatorState extends State<Navigator> {
  Future<T?> push<T extends Object?>(Route<T> route) async => null;
  @override
  Widget build(BuildContext context) => throw UnimplementedError();
}

class _Leaf extends StatelessWidget {
  const _Leaf({super.key});
  @override
  Widget build(BuildContext context) => this;
}

class MaterialApp extends _Leaf {
  const MaterialApp({super.key, String title = '', GlobalKey<NavigatorState>? navigatorKey, Widget? home});
}

class DefaultTabController extends _Leaf {
  const DefaultTabController({super.key, required int length, required Widget child});
}

class Scaffold extends _Leaf {
  const Scaffold({super.key, PreferredSizeWidget? appBar, Widget? body});
}

class AppBar extends _Leaf implements PreferredSizeWidget {
  AppBar({super.key, Widget? title});
}

class TabBar extends _Leaf implements PreferredSizeWidget {
  const TabBar({super.key, required List<Widget> tabs});
}

class Tab extends _Leaf {
  const Tab({super.key, String? text});
}

class TabBarView extends _Leaf {
  const TabBarView({super.key, required List<Widget> children});
}

class SafeArea extends _Leaf {
  const SafeArea({super.key, required Widget child});
}

class AsyncSnapshot<T> {
  bool get hasData => data != null;
  bool get hasError => error != null;
  T? get data => null;
  Object? get error => null;
}

class FutureBuilder<T> extends _Leaf {
  const FutureBuilder({super.key, required Future<T>? future, required AsyncWidgetBuilder<T> builder});
}

class Center extends _Leaf {
  const Center({super.key, Widget? child});
}

class CircularProgressIndicator extends _Leaf {
  const CircularProgressIndicator({super.key});
}

class TextButton extends _Leaf {
  const TextButton({super.key, required VoidCallback? onPressed, required Widget child});
}

class Text extends _Leaf {
  const Text(String data, {super.key, TextStyle? style});
}

class SelectableText extends _Leaf {
  const SelectableText(String data, {super.key, TextStyle? style});
}

class IconData {
  const IconData(this.codePoint);
  final int codePoint;
}

class Icons {
  static const circle = IconData(0);
}

class Icon extends _Leaf {
  const Icon(IconData? icon, {super.key, double? size});
}

class RefreshIndicator extends _Leaf {
  const RefreshIndicator({super.key, required RefreshCallback onRefresh, required Widget child});
}

class ListView extends _Leaf {
  ListView({super.key, EdgeInsets? padding, List<Widget> children = const <Widget>[]});
}

class ListTile extends _Leaf {
  const ListTile({super.key, Widget? leading, Widget? title, Widget? subtitle, VoidCallback? onTap});
}

class SwitchListTile extends _Leaf {
  const SwitchListTile({super.key, required bool value, required ValueChanged<bool>? onChanged, Widget? title});
}

class Column extends _Leaf {
  const Column({super.key, List<Widget> children = const <Widget>[]});
}

class Expanded extends _Leaf {
  const Expanded({super.key, required Widget child});
}

class InputDecoration {
  const InputDecoration({this.labelText});
  final String? labelText;
}

class TextField extends _Leaf {
  const TextField({super.key, ValueChanged<String>? onSubmitted, InputDecoration? decoration});
}

class TextTheme {
  TextStyle? get titleLarge => null;
}

class ThemeData {
  TextTheme get textTheme => TextTheme();
}

class Theme extends _Leaf {
  const Theme({super.key, required ThemeData data, required Widget child});
  static ThemeData of(BuildContext context) => ThemeData();
}
