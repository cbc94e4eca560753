// Compiled with Dart (script/check-more clients), never run on a phone: signatures were in place of the Flutter SDK.
import 'package:firebase_core/firebase_core.dart';
import 'package:firebase_messaging/firebase_messaging.dart';
import 'package:flutter/material.dart';

import 'api.dart';

final luatmo = Luatmo();
final navigator = GlobalKey<NavigatorState>();

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await Firebase.initializeApp(); // with the files of the server's operator
  final messaging = FirebaseMessaging.instance;
  await messaging.requestPermission();
  await luatmo.register(await messaging.getToken());
  messaging.onTokenRefresh.listen(luatmo.register);
  FirebaseMessaging.onMessageOpenedApp.listen(openPush);
  runApp(const App());
  final first = await messaging.getInitialMessage(); // a tap that started the app
  if (first != null) openPush(first);
}

/// Open what a push is about, and mark it as read.
void openPush(RemoteMessage message) {
  openNews(message.data['page_url'] as String, message.data['link'] as String);
  luatmo.put('inbox/${message.data['nid']}/read').ignore();
}

/// The page of the news; of private news, whose page is the start page, what [link] leads to.
void openNews(String pageUrl, String link) => openPage(Uri.parse(pageUrl).path == '/' ? link : pageUrl);

void openPage(String url) {
  navigator.currentState?.push(MaterialPageRoute<void>(builder: (_) => LawPage(url)));
}

class App extends StatelessWidget {
  const App({super.key});

  @override
  Widget build(BuildContext context) {
    return MaterialApp(
      title: 'Luật của tôi',
      navigatorKey: navigator,
      home: const DefaultTabController(
        length: 3,
        child: Scaffold(
          appBar: TabBar(tabs: [Tab(text: 'Tin'), Tab(text: 'Tìm'), Tab(text: 'Chủ đề')]),
          body: SafeArea(child: TabBarView(children: [Inbox(), Search(), Topics()])),
        ),
      ),
    );
  }
}

/// A list that is loaded once and again on a pull; says what went wrong.
class Loaded<T> extends StatefulWidget {
  const Loaded({super.key, required this.load, required this.builder});
  final Future<T> Function() load;
  final Widget Function(BuildContext context, T data, VoidCallback reload) builder;

  @override
  State<Loaded<T>> createState() => _LoadedState<T>();
}

class _LoadedState<T> extends State<Loaded<T>> {
  late Future<T> _data = widget.load();

  void _reload() => setState(() {
        _data = widget.load();
      });

  @override
  Widget build(BuildContext context) {
    return FutureBuilder<T>(
      future: _data,
      builder: (context, snapshot) {
        if (snapshot.hasData) return widget.builder(context, snapshot.data as T, _reload);
        if (!snapshot.hasError) return const Center(child: CircularProgressIndicator());
        final error = snapshot.error;
        final words = error is Problem ? error.detail : 'Không có mạng.';
        return Center(child: TextButton(onPressed: _reload, child: Text('$words Thử lại.')));
      },
    );
  }
}

class Inbox extends StatelessWidget {
  const Inbox({super.key});

  @override
  Widget build(BuildContext context) {
    return Loaded<List<Json>>(
      load: () => luatmo.rows('inbox'),
      builder: (context, entries, reload) => RefreshIndicator(
        onRefresh: () async => reload(),
        child: ListView(children: [
          for (final entry in entries)
            ListTile(
              title: Text(entry['title'] as String),
              subtitle: Text(entry['body'] as String),
              leading: entry['read_at'] == null ? const Icon(Icons.circle, size: 12) : null,
              onTap: () {
                luatmo.put('inbox/${entry['key']}/read').ignore();
                openNews(entry['page_url'] as String, (entry['subject'] as Json)['url'] as String);
              },
            ),
        ]),
      ),
    );
  }
}

class Search extends StatefulWidget {
  const Search({super.key});

  @override
  State<Search> createState() => _SearchState();
}

class _SearchState extends State<Search> {
  List<Json> _found = [];

  Future<void> _search(String words) async {
    final page = await luatmo.get('search?page_size=20&q=${Uri.encodeQueryComponent(words)}');
    setState(() => _found = (page['results'] as List).cast<Json>());
  }

  @override
  Widget build(BuildContext context) {
    return Column(children: [
      TextField(onSubmitted: _search, decoration: const InputDecoration(labelText: 'Tìm luật')),
      Expanded(
        child: ListView(children: [
          for (final hit in _found)
            ListTile(
              title: Text(_target(hit)['citation'] as String? ?? _target(hit)['title'] as String),
              subtitle: Text(hit['effect_status_name'] as String? ?? ''),
              onTap: () => openPage(_target(hit)['url'] as String),
            ),
        ]),
      ),
    ]);
  }

  Json _target(Json hit) => (hit['provision'] ?? hit['document'] ?? hit['question'] ?? hit['event']) as Json;
}

class Topics extends StatelessWidget {
  const Topics({super.key});

  @override
  Widget build(BuildContext context) {
    return Loaded<List<List<Json>>>(
      load: () => Future.wait([luatmo.rows('topics'), luatmo.rows('follows')]),
      builder: (context, lists, reload) {
        final followed = {for (final each in lists[1]) if (each['target'] == 'topic') each['key']};
        return ListView(children: [
          for (final topic in lists[0])
            SwitchListTile(
              title: Text(topic['name'] as String),
              value: followed.contains(topic['key']),
              onChanged: (on) async {
                final path = 'follows/topic/${topic['key']}';
                await (on ? luatmo.put(path) : luatmo.delete(path));
                reload();
              },
            ),
        ]);
      },
    );
  }
}

/// A document, an article or an answer: whatever the address leads to. A page leads who asks for JSON to the API.
class LawPage extends StatelessWidget {
  const LawPage(this.url, {super.key});
  final String url;

  String _titleOf(Json page) => (page.containsKey('outline') ? page['title'] : page['citation'] ?? page['title']) as String;

  Future<Json> _load() async {
    final page = await luatmo.get(url);
    if (!page.containsKey('outline')) return page;
    final text = await luatmo.get('documents/${page['key']}/text');
    final units = (text['provisions'] as List).cast<Json>();
    return {...page, 'text': units.map((unit) => unit['text']).join()};
  }

  @override
  Widget build(BuildContext context) {
    return Scaffold(
      appBar: AppBar(),
      body: Loaded<Json>(
        load: _load,
        builder: (context, page, reload) => ListView(padding: const EdgeInsets.all(16), children: [
          Text(_titleOf(page), style: Theme.of(context).textTheme.titleLarge),
          Text(((page['effect_doubt'] as Json?)?['words'] ?? page['effect_status_name'] ?? '') as String),
          SelectableText((page['text'] ?? (page['answer'] as Json?)?['text'] ?? '') as String),
        ]),
      ),
    );
  }
}
