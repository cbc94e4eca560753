"""Parameters that narrow documents to a territory, with one description wherever they are taken."""

PROVINCE_HELP = "Key of a province: only acts of its own bodies. One that was redrawn is another province."
APPLIES_IN_HELP = "Key of a province: acts of its bodies and of provinces merged into it."
LEVEL_HELP = "Acts of central or of local bodies."
