API=https://luatmo.example/api/v1
curl -fsS "$API/search?q=dat+dai&page_size=1"                                     # accents are optional
curl -fsS "$API/documents/luat-2024-31-2024-qh15?fields=title,effect_status"      # a law and its effect today
curl -fsS "$API/documents/luat-2024-31-2024-qh15/provisions/art_15__clause_2__point_a?fields=citation,text"
