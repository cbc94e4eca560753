API=https://luatmo.example/api/v1
GET="curl -sS --fail-with-body"
$GET "$API/search?q=đất+đai&page_size=1" # accents are optional
LAW=$API/documents/luat-2024-31-2024-qh15
$GET "$LAW?fields=title,effect_status" # its effect today
$GET "$LAW/provisions/art_15__clause_2__point_a?fields=citation,text"
