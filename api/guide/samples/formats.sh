API=https://luatmo.example/api/v1
GET="curl -sS --fail-with-body"
LAW=$API/documents/luat-2024-31-2024-qh15
$GET -o law.md "$LAW/text?format=md"
$GET -o article.md -H "Accept: text/markdown" "$LAW/provisions/art_15"
$GET -o law.xml "$LAW/text?format=akn"
$GET -o law.txt "$LAW/text?format=txt"
$GET "$LAW/provisions/art_15?format=jsonld"
$GET "$API/documents/lookup?number=31/2024/QH15" # every document that it may mean
