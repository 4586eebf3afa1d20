"""Requests and replies of time-stamp authorities (RFC 3161) in DER, as far as the vectors need them."""

SHA_256 = "2.16.840.1.101.3.4.2.1"
SHA_512 = "2.16.840.1.101.3.4.2.3"
POLICY = "1.2.3.4.1"


def der(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        head = bytes([length])
    else:
        size = (length.bit_length() + 7) // 8
        head = bytes([0x80 | size]) + length.to_bytes(size, "big")
    return bytes([tag]) + head + content


def integer(value):
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = bytearray([first * 40 + second])
    for number in rest:
        part = [number & 0x7F]
        while number := number >> 7:
            part.append(0x80 | number & 0x7F)
        out += bytes(reversed(part))
    return der(6, bytes(out))


def imprint(digest, algorithm=SHA_256):
    return der(0x30, der(0x30, oid(algorithm), der(5)), der(4, digest))


def info(digest, algorithm=SHA_256, time="20260301120000Z", nonce=None, policy=POLICY):
    """TSTInfo: what the authority signs."""
    parts = [integer(1), oid(policy), imprint(digest, algorithm), integer(7), der(0x18, time.encode())]
    if nonce is not None:
        parts.append(integer(nonce))
    return der(0x30, *parts)


def request(digest, nonce=None, policy=None):
    """TimeStampReq."""
    parts = [integer(1), imprint(digest)]
    if policy:
        parts.append(oid(policy))
    if nonce is not None:
        parts.append(integer(nonce))
    return der(0x30, *parts, der(1, b"\xff"))


def reply(token, status=0):
    """TimeStampResp."""
    return der(0x30, der(0x30, integer(status)), token)
