"""Sealing a message so that only the browser that subscribed can read it, and no push service on the way (RFC 8291)."""

from __future__ import annotations

import os
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096
"""Bytes. A push service takes a body of so many, which is the one record that a message is."""
MESSAGE_MAX = RECORD - 86 - 17
"""Without the header, and the tag and mark that the cipher adds."""
LAST = b"\x02"


def point_of(key: bytes) -> ec.EllipticCurvePublicKey:
    """A subscription's `p256dh`. Raises ValueError for what is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)


def seal(
    message: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    salt: bytes | None = None,
    ours: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a request with `Content-Encoding: aes128gcm`. `salt` and the key `ours` are new ones each time, and
    given by tests alone. Raises ValueError for a key that is none and for more than `MESSAGE_MAX` bytes."""
    if len(message) > MESSAGE_MAX:
        raise ValueError(f"A message of {len(message)} bytes is too long.")
    salt = salt or os.urandom(16)
    ours = ours or ec.generate_private_key(CURVE)
    our_point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), point_of(p256dh))
    secret = _derived(shared, salt=auth, info=b"WebPush: info\x00" + p256dh + our_point, length=32)
    key = _derived(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derived(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + struct.pack("!IB", RECORD, len(our_point)) + our_point
    return header + AESGCM(key).encrypt(nonce, message + LAST, None)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
