"""The second factor: codes of the half minute (TOTP, RFC 6238), and codes for one log-in without the authenticator."""

import base64
import hmac
import secrets
from datetime import timedelta
from time import time
from urllib.parse import quote

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import sealing
from .models import RecoveryCode, SecondFactor

STEP = 30  # seconds
DRIFT = 1  # steps by which a telephone's clock may be off
RECOVERY_CODES = 10
TRIES, LOCKED_FOR = 5, timedelta(minutes=10)


def code_at(secret: bytes, step: int, digits: int = 6, algorithm: str = "sha1") -> str:
    """The code of a step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), algorithm)
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def new_secret() -> str:
    """160 bits, as RFC 4226 recommends, in Base32, sealed."""
    return sealing.seal(base64.b32encode(secrets.token_bytes(20)).decode())


def secret_of(factor: SecondFactor) -> str:
    """The secret in Base32. sealing.Unreadable where the server's key is another one by now."""
    return sealing.opened(factor.secret)


def is_readable(factor: SecondFactor) -> bool:
    """Whether the server has the key with which the secret was sealed."""
    try:
        secret_of(factor)
    except sealing.Unreadable:
        return False
    return True


def reseal(factor: SecondFactor) -> bool:
    """Seal the secret with the key in force; whether that was to be done. sealing.Unreadable as `secret_of`."""
    if sealing.is_current(factor.secret):
        return False
    sealed = sealing.seal(secret_of(factor))
    return bool(SecondFactor.objects.filter(pk=factor.pk, secret=factor.secret).update(secret=sealed))


def address(factor: SecondFactor) -> str:
    """What the authenticator reads from the picture."""
    name = quote(f"明账:{factor.user.get_username()}")
    return f"otpauth://totp/{name}?secret={secret_of(factor)}&issuer={quote('明账')}"


def is_locked(factor: SecondFactor) -> bool:
    """Whether no code is looked at for now. Only who knows the password gets so far as to bring that about."""
    return factor.locked_until is not None and factor.locked_until > timezone.now()


def accept(factor: SecondFactor, typed: str) -> bool:
    """Take a code, once: of the authenticator, or (where the factor is confirmed) for recovery. Wrong ones count."""
    factor.refresh_from_db()
    if is_locked(factor):
        return False
    typed = "".join(character for character in typed if character.isascii() and character.isalnum()).lower()
    if _take_code(factor, typed) or (factor.confirmed is not None and _take_recovery(factor, typed)):
        SecondFactor.objects.filter(pk=factor.pk).update(failures=0, locked_until=None)
        return True
    SecondFactor.objects.filter(pk=factor.pk).update(failures=F("failures") + 1)
    SecondFactor.objects.filter(pk=factor.pk, failures__gte=TRIES).update(
        failures=0, locked_until=timezone.now() + LOCKED_FOR
    )
    factor.refresh_from_db()
    return False


def _take_code(factor: SecondFactor, typed: str) -> bool:
    try:
        secret, now = base64.b32decode(secret_of(factor)), int(time()) // STEP
    except sealing.Unreadable:
        return False
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step), typed):
            # one statement: of two requests with the same code one finds the step taken
            is_first = bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))
            if is_first:
                reseal(factor)
            return is_first
    return False


def _take_recovery(factor: SecondFactor, typed: str) -> bool:
    digests = [_digest(typed, key) for key in sealing.secret_keys()]
    fresh = RecoveryCode.objects.filter(factor=factor, digest__in=digests, used=None)
    return bool(fresh.update(used=timezone.now()))


def _digest(code: str, key: str) -> str:
    """Codes have 50 bits of chance, so a quick digest with our key will do."""
    return salted_hmac("organisation.recovery", code, secret=key, algorithm="sha256").hexdigest()


def give_recovery_codes(factor: SecondFactor) -> list[str]:
    """New codes in place of all that were given before. They are shown once; we keep digests."""
    codes = [base64.b32encode(secrets.token_bytes(7)).decode()[:10].lower() for _ in range(RECOVERY_CODES)]
    factor.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=_digest(code, settings.SECRET_KEY)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]
