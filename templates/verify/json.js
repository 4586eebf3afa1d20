// Values of JSON, each handed to the shape that is expected of it.
//
// Read into shapes and not with JSON.parse: a key that stands twice is an error, since readers disagree on
// which one counts; numbers of 64 bits are kept whole; a file of nothing but brackets cannot fill the memory.

const DEEPEST_JSON = 128;

class JsonReader extends JsonNumbers {
  depth = DEEPEST_JSON;

  /** Passes over a value of any depth. */
  ignore() {
    const open = [];
    for (;;) {
      const byte = this.white();
      let frame = null;
      if (byte < 0) throw this.peekError("EOF while parsing a value");
      else if (byte === 0x6e) this.word("null");
      else if (byte === 0x74) this.word("true");
      else if (byte === 0x66) this.word("false");
      else if (byte === 0x2d) {
        this.at++;
        this.ignoreNumber();
      } else if (byte >= 0x30 && byte <= 0x39) this.ignoreNumber();
      else if (byte === 0x22) {
        this.at++;
        this.ignoreText();
      } else if (byte === 0x5b || byte === 0x7b) {
        this.at++;
        frame = byte;
      } else throw this.peekError("expected value");

      let comma = frame === null;
      if (frame === null) {
        if (open.length === 0) return;
        frame = open.pop();
      }
      for (;;) {
        const following = this.white();
        if (following === 0x2c && comma) {
          this.at++;
          break;
        }
        if (following < 0) {
          throw this.peekError(frame === 0x5b ? "EOF while parsing a list" : "EOF while parsing an object");
        }
        if (following !== (frame === 0x5b ? 0x5d : 0x7d)) {
          if (comma) throw this.peekError(frame === 0x5b ? "expected `,` or `]`" : "expected `,` or `}`");
          break;
        }
        this.at++;
        if (open.length === 0) return;
        frame = open.pop();
        comma = true;
      }
      if (frame === 0x7b) {
        const key = this.white();
        if (key < 0) throw this.peekError("EOF while parsing an object");
        if (key !== 0x22) throw this.peekError("key must be a string");
        this.at++;
        this.ignoreText();
        this.colon();
      }
      open.push(frame);
    }
  }

  word(word) {
    this.at++;
    this.ident(word.slice(1));
  }

  colon() {
    const byte = this.white();
    if (byte < 0) throw this.peekError("EOF while parsing an object");
    if (byte !== 0x3a) throw this.peekError("expected `:`");
    this.at++;
  }

  /** What `read` makes of the inside of a list or object, whose end is looked for in any case. */
  inside(read, close) {
    this.depth -= 1;
    if (this.depth === 0) throw this.peekError("recursion limit exceeded");
    this.at++;
    let value;
    let failure = null;
    try {
      value = read();
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      failure = error;
    }
    this.depth += 1;
    try {
      close();
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      failure ??= error;
    }
    if (failure !== null) throw failure;
    return value;
  }

  closeList() {
    const byte = this.white();
    if (byte === 0x5d) this.at++;
    else if (byte === 0x2c) {
      this.at++;
      throw this.peekError(this.white() === 0x5d ? "trailing comma" : "trailing characters");
    } else throw this.peekError(byte < 0 ? "EOF while parsing a list" : "trailing characters");
  }

  closeObject() {
    const byte = this.white();
    if (byte === 0x7d) this.at++;
    else if (byte === 0x2c) throw this.peekError("trailing comma");
    else throw this.peekError(byte < 0 ? "EOF while parsing an object" : "trailing characters");
  }

  /** Whether a list goes on; `state.first` is true before its first value. */
  another(state) {
    const byte = this.white();
    if (byte < 0) throw this.peekError("EOF while parsing a list");
    if (byte === 0x5d) return false;
    if (state.first) {
      state.first = false;
      return true;
    }
    if (byte !== 0x2c) throw this.peekError("expected `,` or `]`");
    this.at++;
    const value = this.white();
    if (value === 0x5d) throw this.peekError("trailing comma");
    if (value < 0) throw this.peekError("EOF while parsing a value");
    return true;
  }

  /** The next key of an object, or null at its end. */
  key(state) {
    const byte = this.white();
    if (byte < 0) throw this.peekError("EOF while parsing an object");
    if (byte === 0x7d) return null;
    if (state.first) {
      state.first = false;
      if (byte !== 0x22) throw this.peekError("key must be a string");
    } else {
      if (byte !== 0x2c) throw this.peekError("expected `,` or `}`");
      this.at++;
      const quote = this.white();
      if (quote === 0x7d) throw this.peekError("trailing comma");
      if (quote < 0) throw this.peekError("EOF while parsing a value");
      if (quote !== 0x22) throw this.peekError("key must be a string");
    }
    this.at++;
    return this.text();
  }

  /** A value of any kind, handed to the function for its kind; `shape.expected` says what should be there. */
  any(shape) {
    const byte = this.white();
    if (byte < 0) throw this.peekError("EOF while parsing a value");
    return this.placed(() => this.visit(byte, shape));
  }

  visit(byte, shape) {
    const give = (kind, found, value) => {
      if (shape[kind]) return shape[kind](value, this);
      throw new JsonError(`invalid type: ${found}, expected ${shape.expected}`);
    };
    if (byte === 0x6e) {
      this.word("null");
      return give("null", "null");
    }
    if (byte === 0x74 || byte === 0x66) {
      this.word(byte === 0x74 ? "true" : "false");
      return give("boolean", `boolean \`${byte === 0x74}\``);
    }
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      if (byte === 0x2d) this.at++;
      const value = this.number(byte !== 0x2d);
      if (typeof value === "bigint") return give("whole", `integer \`${value}\``, value);
      return give("floating", `floating point \`${floatText(value)}\``);
    }
    if (byte === 0x22) {
      this.at++;
      const text = this.text();
      return give("text", shape.text ? "" : `string ${debugText(text)}`, text);
    }
    // Of a wrong kind, a list or object is not entered.
    if (byte === 0x5b) {
      if (!shape.list && shape.narrow) return give("list", "sequence");
      return this.inside(() => give("list", "sequence", { first: true }), () => this.closeList());
    }
    if (byte === 0x7b) {
      if (!shape.object && shape.narrow) return give("object", "map");
      return this.inside(() => give("object", "map", { first: true }), () => this.closeObject());
    }
    throw this.peekError("expected value");
  }
}
