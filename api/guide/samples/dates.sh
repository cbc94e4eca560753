API=https://luatmo.example/api/v1
LAW=luat-2024-31-2024-qh15
curl -sS --fail-with-body "$API/documents/$LAW?as_of=2024-06-30&fields=effect_status"      # not_yet_effective
curl -sS --fail-with-body "$API/documents/$LAW?as_of=2024-12-31&fields=effect_status"      # in_force
curl -sS --fail-with-body "$API/documents/$LAW/provisions/art_15?as_of=2024-12-31&fields=text,as_of,text_is_of"
