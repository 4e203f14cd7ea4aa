# SPDX-License-Identifier: Apache-2.0
"""Messages as text and back, without losing a byte: a commit may be in any encoding, or in none."""

import codecs

_DEFAULT = "utf-8"


def codec_of(encoding: bytes) -> str:
    """Return the codec of a commit's header line ``encoding NAME``; UTF-8 where it has none.

    A name that Python does not know is read as Latin-1, in which every byte is a character.
    """
    name = encoding.removeprefix(b"encoding ").strip().decode("ascii", "replace")
    try:
        return codecs.lookup(name).name if name else _DEFAULT
    except LookupError:
        return "latin-1"


def decoded(raw: bytes, encoding: bytes) -> tuple[str, str]:
    """Return a text and the codec by which ``encoded`` gives exactly the same bytes."""
    codec = codec_of(encoding)
    if codec == _DEFAULT:
        return raw.decode(codec, "surrogateescape"), codec
    try:
        text = raw.decode(codec)
        if text.encode(codec) == raw:
            return text, codec
    except (UnicodeError, ValueError, LookupError):
        # Python also knows codecs that are no encodings of text, such as rot13 and zlib.
        pass
    return raw.decode("latin-1"), "latin-1"


def encoded(text: str, codec: str) -> bytes:
    """Return the bytes of a text; what the codec cannot say becomes a question mark."""
    if codec == _DEFAULT:
        return text.encode(codec, "surrogateescape")
    return text.encode(codec, "replace")
