// Reads pieces of a file by their place, whatever size is claimed for it. Nothing holds it as a whole.

class Unreadable extends Error {}

class Source {
  /** What is read at least: the headers of many small entries are found in one piece. */
  static PIECE = 1 << 16;

  /** `input` has `size` and `slice(from, to)`, which resolves to bytes. */
  constructor(input) {
    this.input = input;
    this.length = BigInt(input.size);
    this.piece = new Uint8Array(0);
    this.pieceAt = 0n;
  }

  async read(from, to) {
    let bytes;
    try {
      bytes = await this.input.slice(Number(from), Number(to));
    } catch (error) {
      throw new Unreadable(`could not be read: ${error.message}`);
    }
    if (BigInt(bytes.length) !== to - from) throw new Unreadable("the file became shorter while it was read");
    return bytes;
  }

  /** The `length` bytes at `at`, or null where the input has not as many. */
  async get(at, length) {
    const end = at + BigInt(length);
    if (end > this.length) return null;
    if (at < this.pieceAt || end > this.pieceAt + BigInt(this.piece.length)) {
      const want = [atMost(BigInt(Source.PIECE), this.length - at), BigInt(length)];
      this.piece = await this.read(at, at + (want[0] > want[1] ? want[0] : want[1]));
      this.pieceAt = at;
    }
    const from = Number(at - this.pieceAt);
    return this.piece.subarray(from, from + length);
  }

  async startsWith(at, signature) {
    const found = await this.get(at, 4);
    return found !== null && beginsWith(found, signature);
  }

  /** The last place in `from..to` at which the four bytes stand, or null. */
  async findLast(from, to, signature) {
    const [a, b, c, d] = signature;
    let high = to;
    while (high > from) {
      const step = takeFrom(high, 1n << 16n);
      const low = step > from ? step : from;
      // Three more bytes, for a signature that stands across the edge.
      const length = Number(atMost(high + 3n, this.length) - low);
      const piece = await this.get(low, length);
      for (let i = length - 4; i >= 0; i--) {
        if (piece[i] === a && piece[i + 1] === b && piece[i + 2] === c && piece[i + 3] === d) {
          return low + BigInt(i);
        }
      }
      high = low;
    }
    return null;
  }
}
