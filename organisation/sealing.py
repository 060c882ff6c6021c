"""What the database keeps and must not tell: sealed with a key made from SECRET_KEY, opened with its fallbacks too.

Fernet (AES-128-CBC with HMAC-SHA256, `cryptography`); the key is derived (HKDF), so it is not the one that signs.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"mingzhang.organisation.sealing"


class Unreadable(Exception):
    """It was sealed with a key that is neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS."""


def secret_keys() -> list[str]:
    """The secret keys, the one in force first."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def seal(text: str) -> str:
    """The text, as only we read it."""
    return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()


def opened(sealed: str) -> str:
    """The text that was sealed. Unreadable where none of our keys opens it."""
    try:
        return MultiFernet([_fernet(key) for key in secret_keys()]).decrypt(sealed).decode()
    except InvalidToken:
        raise Unreadable from None


def is_current(sealed: str) -> bool:
    """Whether it was sealed with the key in force."""
    try:
        _fernet(settings.SECRET_KEY).decrypt(sealed)
    except InvalidToken:
        return False
    return True


@lru_cache(maxsize=8)
def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
