"""What a password must be: `mlps`, as 等保 asks (GB/T 22239, 8.1.4.1), or `asvs`, as OWASP does.

The two disagree: 等保 wants several kinds of characters and a change now and then, ASVS 5 forbids both (6.2.5, 6.2.10).
"""

import re
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from pypinyin import lazy_pinyin

MOST = 128
SHORTEST = {"mlps": 10, "asvs": 12}
REMEMBERED = 5
LASTS = timedelta(days=90)
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
YEAR = re.compile(r"(19|20)\d\d([-./]?[01]?\d[-./]?[0-3]?\d)?")
WITHOUT_YEAR = 8
KNOWN_WORD = 3  # shorter ones are in every other password

common = cache(CommonPasswordValidator)


def is_due(user) -> bool:
    """Whether the password is as old as 等保 lets it be. Never in the demonstration, never under `asvs`."""
    if settings.PASSWORD_POLICY != "mlps" or settings.DEMO:
        return False
    return timezone.now() - (user.password_set or user.date_joined) > LASTS


class PolicyValidator:
    """The one validator: everything that is wrong with a password is told at once."""

    def validate(self, password, user=None):
        found = [*_faults(password, user)]
        if settings.PASSWORD_POLICY == "mlps":
            found += _faults_by_mlps(password, user)
        if found:
            raise ValidationError(found)

    def get_help_text(self):
        shortest = SHORTEST[settings.PASSWORD_POLICY]
        asked = [f"{shortest}至{MOST}个字符，可以粘贴"]
        if settings.PASSWORD_POLICY == "mlps":
            asked.append("大写字母、小写字母、数字、符号至少有三种")
            asked.append(f"除去年份、日期，不少于{WITHOUT_YEAR}个字符")
            asked.append(f"不与最近{REMEMBERED}次用过的相同，每{LASTS.days}天更换一次")
        asked.append("不含用户名、姓名和单位的代码、名称（含拼音），不用常见密码")
        return "；".join(asked) + "。"


def _faults(password: str, user):
    shortest = SHORTEST[settings.PASSWORD_POLICY]
    if len(password) < shortest:
        yield f"密码只有{len(password)}个字符，至少要{shortest}个。"
    if len(password) > MOST:
        yield f"密码有{len(password)}个字符，最多{MOST}个。"
    try:
        common().validate(password)
    except ValidationError:
        yield "这是常见的密码，请换一个。"
    if any(word in password.lower() for word in _words_about(user)):
        yield "密码里不能有用户名、姓名或单位的代码、名称（含拼音）。"


def _faults_by_mlps(password: str, user):
    kinds = sum(bool(re.search(kind, password)) for kind in KINDS)
    if kinds < 3:
        yield f"密码只有{kinds}种字符，大写字母、小写字母、数字、符号至少要有三种。"
    rest = YEAR.sub("", password)
    if rest != password and len(rest) < WITHOUT_YEAR:
        yield f"除去年份、日期，密码只剩{len(rest)}个字符，至少要{WITHOUT_YEAR}个。"
    if user is not None and user.pk:
        used = [user.password, *user.used_passwords.values_list("password", flat=True)[:REMEMBERED]]
        if any(check_password(password, one) for one in used if one):
            yield f"这个密码最近用过，请换一个与最近{REMEMBERED}次都不同的。"


def _words_about(user) -> set[str]:
    """Names and codes that somebody who knows the person would try first, in Chinese and in pinyin."""
    if user is None:
        return set()
    words = [user.username, user.name]
    if user.pk:
        for unit in {one.unit for one in user.memberships.select_related("unit") if one.unit is not None}:
            words += [unit.code, unit.name, unit.short_name]
    told = [word.lower() for word in words if word]
    return {word for word in (*told, *("".join(lazy_pinyin(one)) for one in told)) if _tells(word)}


def _tells(word: str) -> bool:
    return len(word) >= KNOWN_WORD or any("\u4e00" <= character <= "\u9fff" for character in word)
