"""How a name sounds, so that a slip of the ear still finds it."""

from functools import lru_cache

CODES = {
    letter: digit
    for digit, letters in {"1": "bfpv", "2": "cgjkqsxz", "3": "dt", "4": "l", "5": "mn", "6": "r"}.items()
    for letter in letters
}


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Soundex: the first letter and up to three digits. Source: Russell & Odell, US patents 1,261,167 and 1,435,663."""
    letters = [letter for letter in word if "a" <= letter <= "z"]
    if not letters:
        return ""
    code, last = letters[0], CODES.get(letters[0])
    for letter in letters[1:]:
        digit = CODES.get(letter)
        if digit and digit != last:
            code += digit
        if letter not in "hw":
            last = digit
    return code[:4]
