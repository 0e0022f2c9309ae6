"""Secrets of second factors at rest: who has the database alone can show no code (ASVS 11.3, 13.3)."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from cabinet.at_rest import seal, unseal

PURPOSE = b"kelisim: secrets of second factors"


class FactorAdapter(DefaultMFAAdapter):
    """allauth's, but apps' secrets and the seeds of recovery codes are kept encrypted."""

    def encrypt(self, text: str) -> str:
        """Return the secret as the database keeps it."""
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; raise InvalidToken when it was encrypted under a SECRET_KEY that nobody names any more."""
        return unseal(encrypted_text, PURPOSE)
