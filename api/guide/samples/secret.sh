API=https://luatmo.example/api/v1
KEY=$(cat /proc/sys/kernel/random/uuid)   # keep it: one per installation, for as long as the app is installed
SECRET=$(curl -sS --fail-with-body -X PUT "$API/devices/$KEY" -H 'Content-Type: application/json' \
  -d '{"registration_id": "the-fcm-registration-of-this-phone", "id_kind": "token", "platform": "android"}' |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["secret"])')
curl -sS --fail-with-body "$API/inbox" -H "Authorization: Bearer $SECRET"
