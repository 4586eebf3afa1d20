// JSON in UTF-8, read with the positions and words of the command: bytes, places and texts.

/** What is wrong with a JSON text, and where. */
class JsonError extends Error {
  constructor(reason, position = null) {
    super(reason);
    this.position = position;
  }

  get words() {
    return this.position === null ? this.message : `${this.message} at line ${this.position[0]} column ${this.position[1]}`;
  }
}

const CONTROL_IN_STRING = "control character (\\u0000-\\u001F) found while parsing a string";

/** The bytes, the place in them, and the texts. */
class JsonBytes {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  // --- where something is wrong

  position(index) {
    const end = Math.min(index, this.bytes.length);
    let line = 1;
    let start = 0;
    for (let i = 0; i < end; i++) {
      if (this.bytes[i] === 0x0a) {
        line += 1;
        start = i + 1;
      }
    }
    return [line, end - start];
  }

  /** An error at what was read last. */
  error(reason) {
    return new JsonError(reason, this.position(this.at));
  }

  /** An error at what would be read next. */
  peekError(reason) {
    return new JsonError(reason, this.position(this.at + 1));
  }

  /** What `read` returns; an error of it without a position gets the one reached. */
  placed(read) {
    try {
      return read();
    } catch (error) {
      if (error instanceof JsonError && error.position === null) error.position = this.position(this.at);
      throw error;
    }
  }

  // --- bytes

  peek() {
    return this.at < this.bytes.length ? this.bytes[this.at] : -1;
  }

  next() {
    return this.at < this.bytes.length ? this.bytes[this.at++] : -1;
  }

  /** The next byte that is no white space, not consumed; -1 at the end. */
  white() {
    for (;;) {
      const byte = this.peek();
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x09 && byte !== 0x0d) return byte;
      this.at++;
    }
  }

  digit() {
    const byte = this.peek();
    return byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : -1;
  }

  ident(rest) {
    for (const c of rest) {
      const byte = this.next();
      if (byte < 0) throw this.error("EOF while parsing a value");
      if (byte !== c.charCodeAt(0)) throw this.error("expected ident");
    }
  }

  /** Nothing but white space may follow. */
  end() {
    if (this.white() >= 0) throw this.peekError("trailing characters");
  }

  // --- texts

  /** The text whose opening quote was read. */
  text() {
    const parts = [];
    let start = this.at;
    for (;;) {
      while (this.at < this.bytes.length && !isStringStop(this.bytes[this.at])) this.at++;
      if (this.at === this.bytes.length) throw this.error("EOF while parsing a string");
      parts.push(this.bytes.subarray(start, this.at));
      const byte = this.bytes[this.at++];
      if (byte === 0x22) return lossy(parts.length === 1 ? parts[0] : joinedAll(parts));
      if (byte !== 0x5c) throw this.error(CONTROL_IN_STRING);
      parts.push(this.escape());
      start = this.at;
    }
  }

  nextInText() {
    const byte = this.next();
    if (byte < 0) throw this.error("EOF while parsing a string");
    return byte;
  }

  peekInText() {
    const byte = this.peek();
    if (byte < 0) throw this.error("EOF while parsing a string");
    return byte;
  }

  escape() {
    const c = String.fromCharCode(this.nextInText());
    const plain = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[c];
    if (plain !== undefined) return encode(plain);
    if (c !== "u") throw this.error("invalid escape");
    const unit = this.hexEscape();
    if (unit >= 0xdc00 && unit <= 0xdfff) throw this.error("lone leading surrogate in hex escape");
    if (unit < 0xd800 || unit > 0xdbff) return encode(String.fromCharCode(unit));
    for (const expected of [0x5c, 0x75]) {
      const found = this.peekInText();
      this.at++;
      if (found !== expected) throw this.error("unexpected end of hex escape");
    }
    const second = this.hexEscape();
    if (second < 0xdc00 || second > 0xdfff) throw this.error("lone leading surrogate in hex escape");
    return encode(String.fromCharCode(unit, second));
  }

  hexEscape() {
    if (this.at + 4 > this.bytes.length) {
      this.at = this.bytes.length;
      throw this.error("EOF while parsing a string");
    }
    const digits = String.fromCharCode(...this.bytes.subarray(this.at, this.at + 4));
    this.at += 4;
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.error("invalid escape");
    return parseInt(digits, 16);
  }

  /** Passes over a text whose opening quote was read. */
  ignoreText() {
    for (;;) {
      while (this.at < this.bytes.length && !isStringStop(this.bytes[this.at])) this.at++;
      if (this.at === this.bytes.length) throw this.error("EOF while parsing a string");
      const byte = this.bytes[this.at];
      if (byte !== 0x22 && byte !== 0x5c) throw this.error(CONTROL_IN_STRING);
      this.at++;
      if (byte === 0x22) return;
      const c = String.fromCharCode(this.nextInText());
      if (c === "u") this.hexEscape();
      else if (!'"\\/bfnrt'.includes(c)) throw this.error("invalid escape");
    }
  }
}

const isStringStop = (byte) => byte === 0x22 || byte === 0x5c || byte < 0x20;
