"""文号 in the one form that official documents have: 机关代字〔年份〕序号号."""

import re
import unicodedata

ANY_FORM = re.compile(
    r"(?P<agency>[\u4e00-\u9fffA-Za-z]{2,20})\s*[(\[〔【](?P<year>(?:19|20)\d{2})年?[)\]〕】]\s*年?\s*第?\s*"
    r"(?P<number>\d{1,5})\s*号?"
)


def in_right_form(text: str) -> str | None:
    """What was typed with whatever brackets, blanks, 第 or digits, as 焦财预〔2023〕290号; None where it is no 文号."""
    match = ANY_FORM.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{match['agency']}〔{match['year']}〕{int(match['number'])}号" if match else None
