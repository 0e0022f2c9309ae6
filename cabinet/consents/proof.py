"""The proof of consents as a file whose hashes anybody can check without us."""

from __future__ import annotations

import io
from collections.abc import Iterable
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.template.loader import render_to_string
from django.utils.translation import get_language

from cabinet.consents.ledger import ConsentReceipt, SignedName

Files = dict[str, str]
SUMS, README = "SHA256SUMS", "README.txt"
BORN = (1980, 1, 1, 0, 0, 0)  # the earliest date a ZIP knows: the same proof is the same file, byte by byte


def proof_of(receipts: Iterable[ConsentReceipt], names: Iterable[SignedName]) -> bytes:
    """Return a ZIP of the receipts, the texts agreed to, the editions they point at, and their hashes.

    Each is named by what it is and its number or hash, never by what somebody typed. `names` open the receipts'
    commitments where their rows still stand.
    """
    files: Files = {}
    opened = {name.commitment: name.opened for name in names}
    for receipt in receipts:
        files |= _files_of(receipt, opened)
    files[SUMS] = "".join(f"{_sha256(text)}  {name}\n" for name, text in sorted(files.items()))
    files[README] = render_to_string("consents/proof.txt", {"language": get_language()})
    return _zipped(files)


def _files_of(receipt: ConsentReceipt, opened: dict[str, str]) -> Files:
    text, commitment = receipt.text, receipt.name_commitment
    files = {
        f"receipts/{receipt.public_id}.json": receipt.canonical(),
        f"texts/{text.sha256}.txt": text.text,
    }
    for edition in filter(None, (text.policy, text.document)):
        files[f"editions/{edition.sha256}.txt"] = edition.canonical_text
    if commitment in opened:
        files[f"names/{commitment}.txt"] = opened[commitment]
    return files


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _zipped(files: Files) -> bytes:
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(_info(name), text.encode())
    return held.getvalue()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, BORN)
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    return info
