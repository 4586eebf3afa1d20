"""Deflate streams (RFC 1951) written by hand, so that they are the same with every version of zlib."""


class Bits:
    def __init__(self):
        self.value, self.count, self.out = 0, 0, bytearray()

    def put(self, value, count):
        """A number, lowest bit first."""
        self.value |= value << self.count
        self.count += count
        while self.count >= 8:
            self.out.append(self.value & 0xFF)
            self.value >>= 8
            self.count -= 8

    def code(self, code, length):
        """A Huffman code, highest bit first."""
        for bit in range(length - 1, -1, -1):
            self.put(code >> bit & 1, 1)

    def bytes(self):
        return bytes(self.out) + (bytes([self.value]) if self.count else b"")


def literals(data):
    """One block with the fixed codes (3.2.6) and no repetitions."""
    bits = Bits()
    bits.put(0b011, 3)
    for byte in data:
        if byte < 144:
            bits.code(0x30 + byte, 8)
        else:
            bits.code(0x190 + byte - 144, 9)
    bits.code(0, 7)
    return bits.bytes()


def zeros(count):
    """`count` zero bytes, 1 and a multiple of 258, at two bits for 258 of them: a dynamic block (3.2.7)
    with codes for the literal 0 (2 bits), the end (2 bits), the length 258 and the distance 1 (1 bit each)."""
    matches, rest = divmod(count - 1, 258)
    assert rest == 0
    bits = Bits()
    bits.put(0b101, 3)
    bits.put(286 - 257, 5)
    bits.put(0, 5)
    # Lengths of the codes for lengths: 1 has one bit, 2 and 18 (a run of zeros) have two.
    order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    bits.put(len(order) - 1 - 4, 4)
    for symbol in order[:-1]:
        bits.put({1: 1, 2: 2, 18: 2}.get(symbol, 0), 3)
    one, two, run = (0b0, 1), (0b10, 2), (0b11, 2)
    bits.code(*two)
    for length in (138, 117):
        bits.code(*run)
        bits.put(length - 11, 7)
    bits.code(*two)
    bits.code(*run)
    bits.put(28 - 11, 7)
    bits.code(*one)
    bits.code(*one)
    bits.code(0b10, 2)
    for _ in range(matches):
        bits.code(0b0, 1)
        bits.code(0b0, 1)
    bits.code(0b11, 2)
    return bits.bytes()
