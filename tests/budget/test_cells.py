"""The cell grammar, one table of what people write: the same verdict for typing, paste, workbook, CSV and API."""

import subprocess
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from budget import cells
from budget.cells import FEN_STEP, WAN_STEP, Refusal, Unreadable

WAN, YUAN = "万元", "元"

# what is written in a column of 万元 → 分
ACCEPTED = [
    ("35.76", 35_760_000),
    ("0", 0),
    ("0.00", 0),
    ("0.01", 10_000),
    ("5", 5_000_000),
    ("5.5", 5_500_000),
    ("-3.20", -3_200_000),
    ("-0", 0),
    ("007.5", 7_500_000),
    ("1234.56", 1_234_560_000),
    ("1,234.56", 1_234_560_000),
    ("1,234,567.89", 1_234_567_890_000),
    ("999999999.99", 999_999_999_990_000),
    ("１２３．４５", 123_450_000),
    ("1，234.56", 1_234_560_000),
    ("１，２３４．５６", 1_234_560_000),
    ("－5", -5_000_000),
    ("−5", -5_000_000),
    ("  5  ", 5_000_000),
    ("5\u3000", 5_000_000),
    ("\u00a05\u00a0", 5_000_000),
    ("\u200b5\u200d", 5_000_000),
    ("\ufeff5", 5_000_000),
    ("\t5\n", 5_000_000),
    (5, 5_000_000),
    (0, 0),
    (35.76, 35_760_000),
    (123.63, 123_630_000),
    (0.1 + 0.2, 300_000),
    (4.35 * 100, 435_000_000),
    (123.6299999, 123_630_000),
    (-1.5, -1_500_000),
    (Decimal("35.76"), 35_760_000),
]
NOT_FILLED = [None, "", " ", "\u3000", "\u200b", "\ufeff"]
DASHES = ["-", "—", "－", "–", "——", " - ", "−"]
# what is written → what the refusal says
REFUSED = [
    ("1O5.20", "“1O5.20”不是数字：含字母O，是否应为0？"),
    ("o.5", "含字母o，是否应为0？"),
    ("l5", "含字母l，是否应为1？"),
    ("I5.00", "含字母I，是否应为1？"),
    ("1〇5", "是否应为0？"),
    ("O", "含字母O"),
    ("1_000", "下划线"),
    ("1e3", "科学计数法"),
    ("1E+3", "科学计数法"),
    ("1.5e-2", "科学计数法"),
    ("٣", "普通数字"),
    ("१२", "普通数字"),
    ("①", "普通数字"),
    ("5²", "普通数字"),
    ("½", "普通数字"),
    ("𝟏𝟐", "普通数字"),
    ("NaN", "“NaN”不是数字"),
    ("nan", "不是数字"),
    ("inf", "不是数字"),
    ("-Infinity", "不是数字"),
    ("1，23", "“1，23”不是数字：千分位逗号的位置不对"),
    ("1,2345", "千分位"),
    ("1234,567", "千分位"),
    (",123", "千分位"),
    ("1,234,", "千分位"),
    ("(5)", "请写成“-5”"),
    ("（5.20）", "请写成“-5.20”"),
    ("5元", "含单位"),
    ("5万", "含单位"),
    ("3.2亿", "含单位"),
    ("¥5", "货币符号"),
    ("￥5", "货币符号"),
    ("$5", "货币符号"),
    ("100%", "百分数"),
    ("５％", "百分数"),
    ("1.234", "小数超过2位"),
    ("35.760", "小数超过2位"),
    ("1,234.567", "小数超过2位"),
    ("5.", "小数点前后"),
    (".5", "小数点前后"),
    ("-.5", "小数点前后"),
    ("1.2.3", "小数点多于一个"),
    ("1 000", "空格"),
    ("1\u3000000", "空格"),
    ("- 5", "空格"),
    ("+5", "加号"),
    ("--5", "不是数字"),
    ("–5", "负号"),
    ("5-", "不是数字"),
    ("五", "阿拉伯数字"),
    ("叁拾", "阿拉伯数字"),
    ("=1+1", "公式"),
    ("abc", "“abc”不是数字"),
    ("35.76abc", "不是数字"),
    ("五万元", "含单位"),
    ("无", "不是数字"),
    ("5\x00", "不是数字"),
    ("5。5", "不是数字"),
    ("1;5", "不是数字"),
    ("2024-01-05", "不是数字"),
    ("1/2", "不是数字"),
    ("#REF!", "不是数字"),
    ("TRUE", "不是数字"),
    ("99999999999999", "太大"),
    ("1000000000", "太大"),
    ("12345678901234.5", "太大"),
    (123.62999, "显示 123.63，实际 123.62999"),
    (0.005, "显示 0.01，实际 0.005"),
    (1e300, "超过15位"),
    (1e9, "太大"),
    (float("nan"), "不是数字"),
    (float("inf"), "不是数字"),
    (True, "“TRUE”是逻辑值"),
    (False, "“FALSE”是逻辑值"),
    (datetime(2024, 1, 5), "“2024-01-05”是日期或时间"),
    (date(2024, 1, 5), "是日期或时间"),
    (time(12, 30), "是日期或时间"),
    (timedelta(hours=1), "是日期或时间"),
    (Unreadable("#REF!", "是错误值"), "“#REF!”是错误值。"),
]


@pytest.mark.parametrize(("written", "fen"), ACCEPTED, ids=repr)
def test_an_amount_in_wan_is_counted_in_fen(written, fen):
    assert cells.parse_amount(written, WAN) == cells.Amount(fen)


@pytest.mark.parametrize("written", NOT_FILLED, ids=repr)
def test_an_empty_amount_is_not_filled_and_not_zero(written):
    assert cells.parse_amount(written, WAN) == cells.Amount(None)


@pytest.mark.parametrize("written", DASHES, ids=repr)
def test_a_dash_is_not_filled_and_says_so(written):
    amount = cells.parse_amount(written, WAN)
    assert amount.fen is None
    assert "按未填处理" in amount.notice


@pytest.mark.parametrize(("written", "said"), REFUSED, ids=repr)
def test_what_is_no_amount_is_refused_with_its_reason(written, said):
    with pytest.raises(Refusal) as refusal:
        cells.parse_amount(written, WAN)
    message = str(refusal.value)
    assert said in message
    assert message.endswith(("。", "？")) and message.isprintable()
    if isinstance(written, str) and written.isprintable():
        assert f"“{written}”" in message


def test_the_table_is_as_long_as_it_should_be():
    assert len(ACCEPTED) + len(NOT_FILLED) + len(DASHES) + len(REFUSED) >= 120


@pytest.mark.parametrize(
    ("written", "unit", "step", "fen"),
    [
        ("0.123456", WAN, FEN_STEP, 123_456),
        (0.123456, WAN, FEN_STEP, 123_456),
        ("357600", YUAN, WAN_STEP, 35_760_000),
        ("357600.00", YUAN, WAN_STEP, 35_760_000),
        ("357600.25", YUAN, FEN_STEP, 35_760_025),
        (357600.25, YUAN, FEN_STEP, 35_760_025),
        ("9999999999999.99", YUAN, FEN_STEP, 999_999_999_999_999),
    ],
)
def test_the_step_of_the_campaign_decides_the_decimals(written, unit, step, fen):
    assert cells.parse_amount(written, unit, step).fen == fen


@pytest.mark.parametrize(
    ("written", "unit", "step", "said"),
    [
        ("0.123", WAN, WAN_STEP, "小数超过2位"),
        ("0.1234567", WAN, FEN_STEP, "小数超过6位"),
        (0.1234567, WAN, FEN_STEP, "小数超过6位"),
        ("357650", YUAN, WAN_STEP, "“357650”须是100元（0.01万元）的整数倍"),
        ("357600.001", YUAN, FEN_STEP, "小数超过2位"),
        ("10000000000000", YUAN, FEN_STEP, "太大"),
    ],
)
def test_what_is_finer_than_the_step_is_refused(written, unit, step, said):
    with pytest.raises(Refusal, match=said):
        cells.parse_amount(written, unit, step)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2060101", "2060101"),
        (" 2060101\u3000", "2060101"),
        ("２０６０１０１", "2060101"),
        ("2060101.0", "2060101"),
        ("2060101.00", "2060101"),
        (2060101, "2060101"),
        (2060101.0, "2060101"),
        ("0000000", "0000000"),
        ("301", "301"),
        ("30101", "30101"),
        (None, ""),
        ("", ""),
        ("\u3000", ""),
    ],
)
def test_a_code_is_text(written, code):
    assert cells.parse_code(written) == code


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("206010", "“206010”是6位，编码应为3、5、7位"),
        ("20601010", "是8位"),
        (101, None),
        (1, "是1位"),
        ("206 0101", "编码只能是数字"),
        ("206O101", "编码只能是数字"),
        ("2060101a", "编码只能是数字"),
        ("2060101.5", "编码只能是数字"),
        (2060101.5, "没有小数"),
        ("206①101", "普通数字"),
        ("٣٠١", "普通数字"),
        ("-", "编码只能是数字"),
        (True, "编码只能是数字|逻辑值"),
        (datetime(2024, 1, 5), "编码只能是数字"),
        (Unreadable("#N/A", "是错误值"), "#N/A"),
    ],
)
def test_a_wrong_code_is_refused_and_none_is_padded(written, said):
    if said is None:
        assert cells.parse_code(written) == str(written)
        return
    with pytest.raises(Refusal, match=said):
        cells.parse_code(written)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("  办公费（行政）\u3000", "办公费（行政）"),
        ("＝不变", "＝不变"),
        (None, ""),
        (2024, "2024"),
        (2024.0, "2024"),
        (0.5, "0.5"),
        (datetime(2024, 1, 5), "2024-01-05"),
        (date(2024, 1, 5), "2024-01-05"),
        (datetime(2024, 1, 5, 8, 30), "2024-01-05 08:30:00"),
    ],
)
def test_text_is_kept_and_a_date_is_written_out(written, text):
    assert cells.parse_text(written) == text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("办公\x00费", "U\\+0000"),
        ("办公\x07费", "控制字符"),
        ("办公\u200b费", "U\\+200B"),
        ("办公\u202e费", "U\\+202E"),
        ("办公\n费", "含换行"),
        ("长" * 2001, "有2001个字，最多2000个字"),
        (410802240000000015718, "超过15位"),
        (4.10802240000000016e20, "超过15位"),
        (Unreadable("#NAME?", "是错误值"), "#NAME"),
    ],
)
def test_text_that_cannot_be_printed_is_refused(written, said):
    with pytest.raises(Refusal, match=said):
        cells.parse_text(written)


def test_only_a_text_of_several_lines_keeps_them():
    assert cells.parse_text("一\r\n二\r三", multiline=True) == "一\n二\n三"
    assert cells.parse_text("长" * 2000) == "长" * 2000


@pytest.mark.parametrize(("written", "meant"), [("是", True), (" 否 ", False), ("", None), (None, None)])
def test_yes_or_no(written, meant):
    assert cells.parse_yes_no(written) is meant


@pytest.mark.parametrize("written", ["y", "1", 1, "对", "是的", True, Unreadable("#N/A", "是错误值")], ids=repr)
def test_nothing_else_is_yes_or_no(written):
    with pytest.raises(Refusal):
        cells.parse_yes_no(written)


def test_the_grammar_knows_no_django():
    program = "import sys, budget.cells; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0
