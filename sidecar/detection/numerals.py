"""Telephone numbers in Chinese and Korean words, put into digits where they stand."""

import re

_CHINESE = ("〇零", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_KOREAN = ("공영", "일", "이", "삼", "사", "오", "육륙", "칠", "팔", "구")
_DIGITS = {
    ord(letter): str(digit)
    for table in (_CHINESE, _KOREAN)
    for digit, letters in enumerate(table)
    for letter in letters
}
# Of the length of mobile numbers and no longer: the letter behind is often a particle that is a numeral too.
_MOBILE = re.compile(
    rf"[{_CHINESE[1]}][{''.join(_CHINESE[3:])}](?:[- ]?[{''.join(_CHINESE)}]){{9}}"
    rf"|공일[공일육칠팔구](?:[- ]?(?:[{''.join(_KOREAN)}]|[0-9])){{8}}"
)


def in_digits(text: str) -> str:
    """Return the text, as long as before, with mobile numbers in digits."""
    return _MOBILE.sub(lambda match: match[0].translate(_DIGITS), text)
