// Inflates one entry in a stream (RFC 1951), never further than the size stated for it. What zlib refuses
// is refused: over-subscribed and incomplete codes, too many codes, distances before the start.

const INFLATE_OUT = 1 << 16;
const WINDOW = 1 << 15;
const NO_STREAM = "they are no deflate stream";

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A table of 2^15 entries, each symbol * 16 + length; 0 where no code is. Null for a bad set of lengths. */
function codeTable(lengths, kind) {
  const count = new Uint16Array(16);
  for (const length of lengths) count[length]++;
  const most = 15;
  let longest = most;
  while (longest > 0 && count[longest] === 0) longest--;
  const table = new Uint16Array(1 << most);
  // No codes at all: an error as soon as one is wanted; of lengths of codes zlib makes zeros.
  if (longest === 0) return kind === "codes" ? table.fill(1) : table;
  let left = 1;
  for (let length = 1; length <= most; length++) {
    left = left * 2 - count[length];
    if (left < 0) return null;
  }
  // Incomplete sets are allowed for a single code of one bit only.
  if (left > 0 && (kind === "codes" || longest !== 1)) return null;
  const next = new Uint16Array(17);
  for (let length = 1; length <= most; length++) next[length + 1] = (next[length] + count[length]) << 1;
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    let code = next[length]++;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) {
      reversed = (reversed << 1) | (code & 1);
      code >>= 1;
    }
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = symbol * 16 + length;
  });
  return table;
}

const FIXED_TABLES = (() => {
  const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  return [codeTable(lengths, "lengths"), codeTable(new Array(32).fill(5), "distances")];
})();

/** Thrown where the input ends before what is wanted; the state is then what it was before. */
const NEEDS_INPUT = Symbol("needs input");

class Inflater {
  ended = false;
  out = new Uint8Array(INFLATE_OUT);
  window = new Uint8Array(WINDOW);
  windowAt = 0;
  whole = 0; // bytes of the window that are filled
  bits = 0;
  held = 0;
  input = new Uint8Array(0);
  at = 0;
  state = "block";
  last = false;

  /** Hands what `input` inflates to, in pieces, to `sink`. Both may throw the reason why not. */
  take(input, sink) {
    this.input = input;
    this.at = 0;
    for (;;) {
      if (this.ended) {
        if (this.at < this.input.length) throw "bytes follow the end of its deflated data";
        return;
      }
      const written = this.run();
      sink(this.out.subarray(0, written));
      if (!this.ended && written < this.out.length && this.at === this.input.length) return;
    }
  }

  /** At least `count` bits, at most 24, or NEEDS_INPUT. */
  need(count) {
    while (this.held < count) {
      if (this.at === this.input.length) throw NEEDS_INPUT;
      this.bits |= this.input[this.at++] << this.held;
      this.held += 8;
    }
  }

  takeBits(count) {
    this.need(count);
    const value = this.bits & ((1 << count) - 1);
    this.bits >>>= count;
    this.held -= count;
    return value;
  }

  /** The next symbol. */
  symbol(table) {
    for (;;) {
      const found = table[this.bits & 0x7fff];
      const length = found & 15;
      if (length !== 0 && length <= this.held) {
        this.bits >>>= length;
        this.held -= length;
        return found >> 4;
      }
      // Where no code begins with these bits, none will with more.
      if (this.held >= 15 || (length === 0 && this.hopeless(table))) throw NO_STREAM;
      this.need(this.held + 1);
    }
  }

  hopeless(table) {
    if (this.held === 0) return table.every((entry) => entry === 0);
    const step = 1 << this.held;
    for (let at = this.bits & (step - 1); at < table.length; at += step) if (table[at] !== 0) return false;
    return true;
  }

  /** Fills `out` as far as the input goes, and returns how far. */
  run() {
    this.written = 0;
    try {
      while (!this.ended && this.step());
    } catch (stop) {
      if (stop !== NEEDS_INPUT) throw stop;
    }
    return this.written;
  }

  put(byte) {
    this.out[this.written++] = byte;
    this.window[this.windowAt] = byte;
    this.windowAt = (this.windowAt + 1) & (WINDOW - 1);
    if (this.whole < WINDOW) this.whole++;
  }

  /** One step; false where `out` is full. A step that lacks input throws before it changed anything. */
  step() {
    switch (this.state) {
      case "block": {
        if (this.last) {
          // No more bits are ever taken than are used, so that whole bytes that follow are input still.
          this.ended = true;
          return true;
        }
        this.need(3);
        this.last = this.takeBits(1) === 1;
        const kind = this.takeBits(2);
        if (kind === 3) throw NO_STREAM;
        if (kind === 1) [this.lengths, this.distances] = FIXED_TABLES;
        this.state = ["stored", "symbols", "counts"][kind];
        return true;
      }
      case "stored": {
        const skip = this.held & 7;
        this.bits >>>= skip;
        this.held -= skip;
        // Sixteen bits and their complement, two by two since 32 bits do not fit.
        this.first ??= this.takeBits(16);
        const check = this.takeBits(16);
        if ((this.first ^ check) !== 0xffff) throw NO_STREAM;
        this.left = this.first;
        this.first = undefined;
        this.state = "copy";
        return true;
      }
      case "copy":
        while (this.left > 0) {
          if (this.written === this.out.length) return false;
          this.put(this.takeBits(8));
          this.left--;
        }
        this.state = "block";
        return true;
      case "counts": {
        this.need(14);
        this.literals = this.takeBits(5) + 257;
        this.spans = this.takeBits(5) + 1;
        this.codes = this.takeBits(4) + 4;
        if (this.literals > 286 || this.spans > 30) throw NO_STREAM;
        this.codeLengths = [];
        this.state = "codes";
        return true;
      }
      case "codes": {
        while (this.codeLengths.length < this.codes) this.codeLengths.push(this.takeBits(3));
        const lengths = new Array(19).fill(0);
        this.codeLengths.forEach((length, i) => (lengths[CODE_ORDER[i]] = length));
        this.table = codeTable(lengths, "codes");
        if (this.table === null) throw NO_STREAM;
        this.codeLengths = [];
        this.repeat = null;
        this.state = "lengths";
        return true;
      }
      case "lengths":
        return this.readLengths();
      default:
        return this.symbols();
    }
  }

  readLengths() {
    const total = this.literals + this.spans;
    const lengths = this.codeLengths;
    while (lengths.length < total) {
      this.repeat ??= this.symbol(this.table);
      const symbol = this.repeat;
      if (symbol < 16) {
        lengths.push(symbol);
      } else {
        const [bits, base] = [[2, 3], [3, 3], [7, 11]][symbol - 16];
        this.need(bits);
        if (symbol === 16 && lengths.length === 0) throw NO_STREAM;
        const times = base + this.takeBits(bits);
        if (lengths.length + times > total) throw NO_STREAM;
        const length = symbol === 16 ? lengths[lengths.length - 1] : 0;
        for (let i = 0; i < times; i++) lengths.push(length);
      }
      this.repeat = null;
    }
    if (lengths[256] === 0) throw NO_STREAM;
    this.lengths = codeTable(lengths.slice(0, this.literals), "lengths");
    this.distances = codeTable(lengths.slice(this.literals), "distances");
    if (this.lengths === null || this.distances === null) throw NO_STREAM;
    this.state = "symbols";
    return true;
  }

  symbols() {
    for (;;) {
      if (this.state === "symbols") {
        const symbol = this.symbol(this.lengths);
        if (symbol === 256) {
          this.state = "block";
          return true;
        }
        if (symbol > 285) throw NO_STREAM;
        this.pending = symbol;
        this.state = symbol < 256 ? "literal" : "length";
      }
      if (this.state === "literal") {
        if (this.written === this.out.length) return false;
        this.put(this.pending);
        this.state = "symbols";
        continue;
      }
      if (this.state === "length") {
        const index = this.pending - 257;
        this.copies = LENGTH_BASE[index] + this.takeBits(LENGTH_EXTRA[index]);
        this.state = "distance";
      }
      if (this.state === "distance") {
        this.pending = this.symbol(this.distances);
        if (this.pending > 29) throw NO_STREAM;
        this.state = "reach";
      }
      if (this.state === "reach") {
        this.distance = DISTANCE_BASE[this.pending] + this.takeBits(DISTANCE_EXTRA[this.pending]);
        this.state = "match";
      }
      while (this.copies > 0) {
        if (this.written === this.out.length) return false;
        if (this.distance > this.whole) throw NO_STREAM;
        this.put(this.window[(this.windowAt - this.distance) & (WINDOW - 1)]);
        this.copies--;
      }
      this.state = "symbols";
    }
  }
}
