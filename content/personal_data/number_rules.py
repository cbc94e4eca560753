"""Rules for what is recognised by its form: numbers, addresses of the net, plates, days of birth."""

from content.personal_data.kinds import PersonalDataKind
from content.personal_data.place_words import ANY_PLACE, CAPITAL
from content.personal_data.plain_text import either_way, in_any_case
from content.text.patterns import compiled_when_used

_GAP = r"[ .\-()_*]{0,3}"  # how people group long numbers
_BEFORE, _AFTER = r"(?<![\d/])", r"(?![\d/]|[.,]\d)"  # not part of a longer number, nor of 100/2019/NĐ-CP
_ALONE = r"(?!\d)"  # too long for the number of a document: «0912345678/0987654321,0912…» are three
_DATE = r"(?<!(?<!\d)(?:19|20)\d\d-)(?!\d{1,2}[.\-]\d{1,2}[.\-](?:19|20)\d{2}(?!\d))(?!(?:19|20)\d\d-\d\d-\d\d(?!\d))"
_MONEY = (  # «150000000 đồng» is not an identity number
    r"(?! ?(?i:(?:đ|vnđ|vnd|đồng|dong|usd|triệu|trieu|tr|tỷ|tỉ|ty|m2)(?!\w)|[₫$]|m²))"
)
_ROUND_SUM = r"(?!\d{1,3}(?:[., ]\d{3})*[., ]000(?![ .,]?\d))"  # 20.000.000
_CALL = rf"(?<!\w){in_any_case('điện thoại', 'sđt', 'đt', 'gọi', 'liên hệ', 'zalo', 'hotline')}\b"
_BANK = (
    r"(?i:(?<!\w)(?:vcb|vietcombank|bidv|ctg|vietinbank|agribank|tcb|techcombank|mb ?bank|mb|acb|vpbank|tpbank|"
    r"sacombank|stb|vib|shb|ocb|msb|hdbank|seabank|eximbank|lpbank|lienvietpostbank|pvcombank|abbank|namabank|ncb|scb|"
    r"bac ?a ?bank|kienlongbank|shinhanbank|shinhan|hsbc|cake|timo|vnpay|viettelpay|momo)(?!\w))"
)
_ACCOUNT_WORD = rf"(?<!\w){in_any_case('số tài khoản', 'tài khoản', 'stk', 'số tk', 'tk', 'acc', 'account')}(?!\w)"
_NO_ACCOUNT = either_way(  # after these words a number is a day, a sum or a document
    "năm", "ngày", "tháng", "luật", "nghị định", "thông tư", "quyết định", "điều", "khoản [1-9]", "từ", "có", "còn",
    "hơn", "gần", "khoảng", "trên", "dưới", "được", "nợ", "số tiền", "vay", "rút", "giá", "phí",
)  # fmt: skip
_CARD = in_any_case("số thẻ", "thẻ atm", "thẻ tín dụng", "thẻ ghi nợ", "thẻ visa", "thẻ ngân hàng")
_BETWEEN = rf"(?:(?!(?<!\w){_NO_ACCOUNT}(?!\w))[^\d\n;?!])"  # one character between the word and the number
_ACCOUNT_NUMBER = (
    rf"(?P<it>{_DATE}{_ROUND_SUM}(?:\d{{3}}[A-Z]{{1,2}}{_GAP}(?=\d))?\d(?:{_GAP}\d){{5,18}}+{_ALONE}{_MONEY})(?!/)"
)
_PAPERS = in_any_case(
    "cmnd", "cmtnd", "cmt", "cccd", "căn cước(?: công dân)?", "chứng minh(?: nhân dân| thư)?", "hộ chiếu", "passport",
    "bhxh", "bhyt", "sổ bảo hiểm", "bảo hiểm y tế", "mã số thuế", "mst", "giấy phép lái xe", "bằng lái(?: xe)?", "gplx",
    "số định danh", "mã định danh",
)  # fmt: skip
_LETTERED_PAPERS = in_any_case(  # their numbers begin with letters
    "sổ hồng", "sổ đỏ", "giấy chứng nhận", "vào sổ", "gcn", "gcnqsdđ", "bìa đỏ", "sổ tiết kiệm", "thẻ tiết kiệm"
)
_SERVICE = r"(?!1[89]00[ .]?\d{4}(?![ .]?\d))"  # «BHXH 1900 9068» is a service number of an organisation
_SERIES = r"(?:[A-ZĐ]{1,2}\d?|MĐ\d?|NG|NN|QT|CV|LD|KT)"  # the letters of a plate
_UNITS = r"(?!(?i:cc|cm|km|kg|kw|hp|ml|mm|tr|m[23]) )"  # «50 cc», «20m2 15000»
_VEHICLE = rf"(?<!\w){in_any_case('biển', 'bks', 'xe', 'ô tô', 'mô tô', 'xe máy', 'chiếc')}(?!\w)"
_TOP_DOMAIN = r"(?i:com|vn|net|org|edu|gov|info)(?!\w)"
_DOT = rf"(?:\.| ?[\[(](?i:dot|chấm)[\])] ?| ?(?:\.|(?<!\w){in_any_case('chấm', 'dot')}) ?(?={_TOP_DOMAIN}))"
_AT_WORD = in_any_case("a còng", "a móc")
_AT = rf"(?: ?(?i:@|\(at\)|\[at\]|\(a\)|[\[(]{_AT_WORD}[\])]) ?| {_AT_WORD} )"
_MESSENGER = in_any_case(
    "telegram", "tele", "zalo", "facebook", "fb", "tiktok", "instagram", "insta", "ig", "viber", "skype", "twitter",
    "threads", "messenger",
)  # fmt: skip
_TRANSFERRED_TO = in_any_case("vào", "vô", "đến", "tới", "sang", "qua", "về", "cho")
_MAIL_HOST = r"(?i:gmail|yahoo|hotmail|outlook|icloud)"
_PROFILE_HOST = (
    r"(?:(?:facebook|fb|tiktok|instagram|youtube|twitter|x|linkedin|threads|messenger|telegram|pinterest|shopee|lazada)"
    r"\.(?:com|net|vn)|zalo\.me|t\.me|m\.me|fb\.me|youtu\.be|shopee\.vn)"
)
_DIGIT_WORDS = in_any_case(
    "không", "một", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín"
)  # fmt: skip
_SPOKEN_DIGIT = rf"(?<![^\W\d_]){_DIGIT_WORDS}(?![^\W\d_])"
_SPOKEN_GAP = r"[ .,\-()_*/]{0,3}"
# Ten digits of which two at least are words: «0912 ba bốn năm sáu bảy tám».
_SPOKEN_PHONE = (
    rf"(?<!\w)(?=(?:[\d .,\-()_*/]{{0,30}}{_SPOKEN_DIGIT}){{2}})"
    rf"(?:0|{in_any_case('không')}(?!\w)){_SPOKEN_GAP}"
    rf"(?:[35789]|{in_any_case('ba', 'năm', 'bảy', 'bẩy', 'tám', 'chín')}(?![^\W\d_]))"
    rf"(?:{_SPOKEN_GAP}(?:\d|{_SPOKEN_DIGIT})){{8}}(?!\d)"
)
# Letters in place of digits: «o912.345.678», «09l2345678».
_LOOKALIKE_PHONE = (
    rf"(?<![\w/]){_DATE}(?=[\d .\-()_*]{{0,30}}[oOlI])(?:0{_GAP}|[oO](?=\d))[35789]"
    rf"(?:{_GAP}(?:\d|(?<=[\doO])[oOlI](?![^\W\d_oOlI]))){{8}}(?!\w)"
)
_SHORT_DATE = r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:(?:19|20)\d{2}|\d{2})(?![\w/\-]|[.,]\d)"
_NUMBER_WORDS = in_any_case(
    "không", "một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "mươi",
    "trăm", "nghìn", "ngàn", "linh", "lẻ",
)  # fmt: skip
_BORN = (  # «học sinh 2010», «tuyển sinh 2025» are nobody's birth
    rf"(?<!\w)(?<!học )(?<!hoc )(?<!tuyển )(?<!tuyen )(?<!thí )(?<!khai )(?<!hộ )(?<!tái )"
    rf"{in_any_case('sinh ngày', 'sinh năm', 'sinh tháng', 'ngày sinh', 'năm sinh', 'sn', 'ns', 'sinh')}"
)
_YEAR_OF_BIRTH = r"(?:19|20)\d{2}"
_SPOKEN_NUMBER = rf"(?:\d{{1,2}}|{_NUMBER_WORDS}(?: {_NUMBER_WORDS}){{0,2}})"
_SPOKEN_BIRTH = (  # «mùng 3 tháng 4 năm 1985», «tháng 6/1979», «mồng hai tháng chín năm một chín chín tám»
    rf"(?:{in_any_case('mùng', 'mồng', 'rằm')} )?(?:{_SPOKEN_NUMBER} )?"
    rf"{in_any_case('tháng')} (?:{_SPOKEN_NUMBER}|{in_any_case('giêng', 'chạp')})"
    rf"(?:[/\-. ]| {in_any_case('năm')} )(?:{_YEAR_OF_BIRTH}|\d{{2}}(?![\w/\-]|[.,]\d)|"
    rf"{_NUMBER_WORDS}(?: {_NUMBER_WORDS}){{2,6}})(?!\w)"
)
# «sn 97» is a year of birth, «sn 97 ngõ 5» a house
_NO_HOUSE = (
    rf"(?! ?,? ?{ANY_PLACE})"
    rf"(?![\w/\-]|[.,]\d| ?,? ?(?:[{CAPITAL}]|{in_any_case('tuổi', 'con', 'cháu', 'ngày', 'tháng', 'năm')}))"
)
_TRANSFER = (  # «chuyển 20 triệu đến số 0071000123456»; a telephone is read as one before
    rf"(?<!\w){_TRANSFERRED_TO} {in_any_case('số')}[ :]{{1,2}}(?P<it>{_DATE}{_SERVICE}{_ROUND_SUM}"
    rf"\d(?:{_GAP}\d){{8,18}}+{_ALONE}{_MONEY})(?!/)"
)

_RULES = [  # (kind, rule), the surer first; the group `it` is the data if the match has more
    (  # «telegram @hung_vay»
        PersonalDataKind.ACCOUNT,
        rf"(?<!\w){_MESSENGER}(?!\w)[^\d\n@]{{0,20}}(?P<it>(?<![\w.+-])@(?!{_MAIL_HOST})[A-Za-z]\w{{0,39}}+(?:\.\w{{1,39}}+){{0,3}})",
    ),
    (
        PersonalDataKind.EMAIL,
        rf"[\w.+-]{{1,64}}+{_AT}[\w-]{{1,63}}+(?:{_DOT}[\w-]{{1,63}}+){{1,4}}",
    ),
    (PersonalDataKind.EMAIL, rf"[\w.+-]{{1,64}}+{_AT}{_MAIL_HOST}(?!\w)"),  # «an@gmail»
    (  # «gmail của em: lan92»
        PersonalDataKind.EMAIL,
        rf"(?<!\w)(?:{_MAIL_HOST}|(?i:e?-?mail))(?: [^\W\d_]{{1,6}}){{0,3}} ?(?::| {in_any_case('là')}) ?"
        r"(?P<it>(?=[A-Za-z._+-]{0,40}\d)(?=[\d._+-]{0,40}[A-Za-z])[A-Za-z\d][\w.+-]{3,63}+)(?!@)",
    ),
    (  # «lan92 gmail.com»: what carries letters and a digit is no word
        PersonalDataKind.EMAIL,
        rf"(?<![\w.+-])(?=[A-Za-z._]{{2,40}}\d)[\w.+-]{{5,64}}+ {_MAIL_HOST}\.com(?:\.vn)?(?!\w)",
    ),
    (
        PersonalDataKind.ACCOUNT,
        rf"(?i)(?:https?://)?(?<![\w-])(?:(?:www|m|vi-vn|web|mbasic)\.)?{_PROFILE_HOST}/\S{{0,200}}[\w/]",
    ),
    (
        PersonalDataKind.IDENTITY,
        rf"(?<!\w){_PAPERS}{_BETWEEN}{{0,25}}(?P<it>{_DATE}0\d{{2}}(?:[ .\-]?\d{{3}}){{3}}){_ALONE}",
    ),
    (PersonalDataKind.IDENTITY, r"(?<!\w)(?P<it>[A-Z]{2}\d{13})(?!\w)"),  # health insurance
    (PersonalDataKind.IDENTITY, rf"(?<!\w)(?i:imei|meid)(?!\w)[^\d\n]{{0,15}}(?P<it>\d(?:{_GAP}\d){{13,15}}){_ALONE}"),
    (  # «21.028511, 105.804817»: where somebody lives or was
        PersonalDataKind.ADDRESS,
        r"(?<![\w.,/])(?:[89]|1\d|2[0-4])\.\d{4,12} ?[,;] ?1(?:0[2-9]|1[0-7])\.\d{4,12}(?![\w/]|[.,]\d)",
    ),
    (PersonalDataKind.ACCOUNT, rf"(?<!\d)9704(?:{_GAP}\d){{12,15}}+{_ALONE}"),  # bank cards of Viet Nam
    (
        PersonalDataKind.ACCOUNT,
        rf"(?<!\w){_CARD}{_BETWEEN}{{0,25}}{_ACCOUNT_NUMBER}",
    ),
    (PersonalDataKind.ACCOUNT, rf"(?<![\w/.-])\d{{3}}A{_GAP}\d(?:{_GAP}\d){{6,9}}{_ALONE}"),  # of VietinBank
    (PersonalDataKind.ACCOUNT, rf"{_ACCOUNT_WORD}{_BETWEEN}{{0,60}}{_ACCOUNT_NUMBER}"),
    (PersonalDataKind.ACCOUNT, rf"{_BANK}{_BETWEEN}{{0,25}}{_ACCOUNT_NUMBER}"),
    (
        PersonalDataKind.ACCOUNT,
        rf"(?<!\w){in_any_case('ngân hàng', 'ví')} {_BETWEEN}{{0,60}}"
        rf"(?P<it>{_DATE}{_ROUND_SUM}\d(?:{_GAP}\d){{7,18}}+{_ALONE}{_MONEY})",
    ),
    (
        PersonalDataKind.ACCOUNT,
        rf"{_BEFORE}(?P<it>{_DATE}{_ROUND_SUM}\d(?:{_GAP}\d){{5,18}}+)[ ,(\-]{{1,3}}"
        rf"(?:{in_any_case('ngân hàng', 'tại', 'ở', 'của', 'bên')} ){{0,3}}{_BANK}",
    ),
    (  # «số 0071000123456 của ngân hàng Á Châu»
        PersonalDataKind.ACCOUNT,
        rf"(?<!\w){in_any_case('số')} (?P<it>{_DATE}{_ROUND_SUM}\d(?:{_GAP}\d){{5,18}}+)[ ,(]{{1,2}}"
        rf"{in_any_case('của', 'tại', 'ở', 'bên')} {in_any_case('ngân hàng', 'nh')}(?!\w)",
    ),
    (
        PersonalDataKind.IDENTITY,
        rf"(?<!\w){_PAPERS}{_BETWEEN}{{0,25}}?(?P<it>(?<!\w)(?:[A-Z]{{1,2}} ?)?{_DATE}{_SERVICE}\d(?:{_GAP}\d){{6,14}}+"
        rf"{_ALONE}{_MONEY})(?!/)",
    ),
    (PersonalDataKind.PHONE, rf"(?<!\d)(?:\+|0{_GAP}0){_GAP}8{_GAP}4{_GAP}\d(?:{_GAP}\d){{7,10}}{_ALONE}"),
    (PersonalDataKind.PHONE, rf"(?<!\d)84[ -]?[35789](?:[ -]?\d){{8}}{_ALONE}{_MONEY}"),
    (PersonalDataKind.IDENTITY, rf"(?<!\d)0\d{{2}}(?:[ .\-]?\d{{3}}){{3}}{_ALONE}"),
    (PersonalDataKind.IDENTITY, rf"(?<!\d)0\d{{3}}([ .\-])\d{{4}}\1\d{{4}}{_ALONE}"),
    (PersonalDataKind.IDENTITY, rf"{_BEFORE}\d{{12}}{_AFTER}{_MONEY}"),
    (
        PersonalDataKind.PHONE,
        rf"(?<!\d){_DATE}\(?0{_GAP}[35789](?:{_GAP}\d){{8}}{_ALONE}",
    ),  # mobile, 10 digits since 2018
    (
        PersonalDataKind.PHONE,
        rf"(?<!\d)0(?=(?:[,./:|]?\d){{9}}(?!\d))[35789]\d{{1,2}}(?:[,./:|]\d{{2,4}}){{2,3}}{_ALONE}",
    ),
    (PersonalDataKind.PHONE, _SPOKEN_PHONE),
    (PersonalDataKind.PHONE, _LOOKALIKE_PHONE),
    # «84.912.345.678» is a sum where nobody is called
    (PersonalDataKind.PHONE, rf"{_CALL}[^\d\n]{{0,30}}(?P<it>84(?:[ .\-]?\d){{9,10}}){_ALONE}{_MONEY}"),
    (
        PersonalDataKind.PHONE,
        rf"(?<!\d){_DATE}\(?0{_GAP}[12](?:{_GAP}\d){{8,9}}{_ALONE}",
    ),  # landline; mobile before 2018
    (PersonalDataKind.IDENTITY, rf"{_BEFORE}(?:\d{{9}}|\d{{3}} \d{{3}} \d{{3}}){_AFTER}{_MONEY}"),
    (
        PersonalDataKind.IDENTITY,
        rf"(?<!\w){_LETTERED_PAPERS}[^\d\n]{{0,30}}(?P<it>(?<!\w)[A-Z]{{1,2}} ?\d{{5,8}})(?![\w/])",
    ),
    (PersonalDataKind.IDENTITY, r"(?<!\w)[A-Z]\d{7,8}(?!\w)"),  # passport
    (PersonalDataKind.IDENTITY, rf"(?<!\w){_PAPERS}[^\d\n]{{0,25}}?(?P<it>(?<!\w)[A-Z] \d{{7,8}})(?!\w)"),
    (PersonalDataKind.PLATE, rf"(?<![\w/])[1-9]\d ?[- ]?{_SERIES} ?[-._ ] ?\d{{3}}[._ ]?\d{{2}}(?![\w/])"),
    (PersonalDataKind.PLATE, r"(?<![\w/])[1-9]\d-?[A-ZĐ]{1,2}\d? ?[-._ ]?\d{4,5}(?![\w/])"),
    (PersonalDataKind.PLATE, r"(?<![\w/])[1-9]\d-?[a-zđ]{1,2}\d? ?[-._] ?\d{3}\.?\d{2}(?![\w/])"),
    (PersonalDataKind.PLATE, rf"(?<![\w/])[1-9]\d{_UNITS}-?[a-hk-zđ]\d? \d{{3}}\.?\d{{2}}(?![\w/]){_MONEY}"),
    (PersonalDataKind.PLATE, r"(?<![\w/])[1-9]\d ?-? ?[a-zđ]\d? ?-? ?\d{3}\.\d{2}(?![\w/]|[.,]\d)"),
    (PersonalDataKind.PLATE, r"(?<![\w/])[1-9]\d[a-zđ]\d{5,6}(?![\w/])"),
    (
        PersonalDataKind.PLATE,
        rf"{_VEHICLE}{_BETWEEN}{{0,20}}"
        rf"(?P<it>[1-9]\d ?-? ?{_UNITS}(?i:[A-ZĐ][A-ZĐ]?\d?)[ .-]{{0,3}}\d{{3}}[. ]?\d{{1,2}})(?![\w/]){_MONEY}",
    ),
    (
        PersonalDataKind.PLATE,
        r"(?<![\w/-])[1-9]\d ?[- ] ?\d{3} ?[- ] ?(?:NG|NN|QT|CV) ?[- ] ?\d{2}(?![\w/-])",
    ),  # of foreigners
    (  # of the army: «biển đỏ TM 12-34»
        PersonalDataKind.PLATE,
        rf"(?<!\w){in_any_case('biển đỏ', 'biển số', 'biển quân đội', 'bks', 'xe biển', 'biển')}[ :]{{1,2}}"
        r"(?P<it>[A-ZĐ]{2}[ -]?\d{2} ?[-. ] ?\d{2})(?![\w/]|[-.,]\d)",
    ),
    (PersonalDataKind.ACCOUNT, _TRANSFER),
    (PersonalDataKind.BIRTH, rf"{_BORN}[ :]{{1,2}}(?:(?i:ngày|ngay) )?(?P<it>{_SPOKEN_BIRTH})"),
    (PersonalDataKind.BIRTH, rf"{_BORN}[ :]{{1,2}}(?:(?i:ngày|ngay) )?(?P<it>{_SHORT_DATE})"),
    (PersonalDataKind.BIRTH, rf"(?<!\w)(?i:dob|d\.o\.b\.?|date of birth)[ :]{{1,2}}(?P<it>{_SHORT_DATE})"),
    (
        PersonalDataKind.BIRTH,
        rf"(?<![\w/])(?P<it>{_SHORT_DATE}|(?:19|20)\d{{2}}) {in_any_case('là')} "
        rf"{in_any_case('ngày tháng năm', 'ngày', 'năm')} sinh(?!\w)",
    ),
    (PersonalDataKind.BIRTH, rf"{_BORN}[ :]{{1,2}}(?P<it>(?:[5-9]\d|0\d){_NO_HOUSE})"),
    (
        PersonalDataKind.BIRTH,
        rf"{_BORN}[ :]{{1,2}}(?:(?i:ngày|ngay) )?"
        rf"(?P<it>(?:\d{{1,2}}[/.\- ]){{0,2}}(?i:(?:tháng|thang) \d{{1,2}} (?:năm|nam) )?(?:19|20)\d{{2}})",
    ),
]
NUMBER_RULES = [(kind, compiled_when_used(rule)) for kind, rule in _RULES]
