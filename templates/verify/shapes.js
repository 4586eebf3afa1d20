// The shapes that values of JSON are read into, and how what is none of them is called.

/** A number with a fraction, in the shortest digits that give it back, as the command writes it. */
function floatText(value) {
  if (Object.is(value, -0)) return "-0.0";
  const [, sign, first, rest = "", exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential());
  const digits = first + rest;
  const point = Number(exponent) + 1;
  if (point > -5 && point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point > 0 && point <= 16) {
    if (point >= digits.length) return `${sign}${digits.padEnd(point, "0")}.0`;
    return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }
  return `${sign}${first}${rest && `.${rest}`}e${point > 0 ? "+" : ""}${point - 1}`;
}

/** A text in quotes, with what cannot be seen as an escape. */
function debugText(text) {
  const short = { "\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" };
  const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Grapheme_Extend}]|(?! )\p{Zs}/u;
  const shown = (c) => short[c] ?? (unseen.test(c) ? `\\u{${c.codePointAt(0).toString(16)}}` : c);
  return `"${Array.from(text, shown).join("")}"`;
}

/** A text, and nothing else. */
const TEXT = { read: (reader) => reader.any({ expected: "a string", narrow: true, text: (text) => text }) };

/** A whole number from 0 to `most`. */
const wholeNumber = (name, most) => ({
  read: (reader) =>
    reader.any({
      expected: name,
      narrow: true,
      whole(value) {
        if (value >= 0n && value <= most) return value;
        throw new JsonError(`invalid value: integer \`${value}\`, expected ${name}`);
      },
    }),
});
const U32 = wholeNumber("u32", 0xffffffffn);
const U64 = wholeNumber("u64", LARGEST_NUMBER);

/** Any value, passed over. */
const IGNORED = { read: (reader) => reader.ignore() };

/** The same or `null`, which is as if it were absent. */
const optional = (shape) => ({
  absent: () => null,
  read(reader) {
    if (reader.white() !== 0x6e) return shape.read(reader);
    reader.word("null");
    return null;
  },
});

/** Any number of values. */
const listOf = (shape) => ({
  read: (reader) =>
    reader.any({
      expected: "a sequence",
      narrow: true,
      list(state) {
        const values = [];
        while (reader.another(state)) values.push(shape.read(reader));
        return values;
      },
    }),
});

/** One of these texts. */
const oneOf = (texts) => {
  const choose = (text) => {
    if (texts.includes(text)) return text;
    throw new JsonError(`unknown variant \`${text}\`, expected ${alternatives(texts)}`);
  };
  return {
    read(reader) {
      const byte = reader.white();
      if (byte < 0) throw reader.peekError("EOF while parsing a value");
      if (byte === 0x22) return reader.any({ expected: "variant identifier", text: choose });
      if (byte !== 0x7b) throw reader.peekError("expected value");
      // An object of one key and null is another way to write it.
      reader.depth -= 1;
      if (reader.depth === 0) throw reader.peekError("recursion limit exceeded");
      reader.at++;
      const quote = reader.white();
      if (quote < 0) throw reader.peekError("EOF while parsing an object");
      if (quote === 0x7d) throw reader.peekError("expected value");
      if (quote !== 0x22) throw reader.peekError("key must be a string");
      reader.at++;
      const chosen = reader.placed(() => choose(reader.text()));
      reader.colon();
      reader.any({ expected: "unit", narrow: true, null: () => null });
      reader.depth += 1;
      const close = reader.white();
      if (close < 0) throw reader.error("EOF while parsing an object");
      if (close !== 0x7d) throw reader.error("expected value");
      reader.at++;
      return chosen;
    },
  };
};

const alternatives = (names) => {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length <= 2 ? quoted.join(" or ") : `one of ${quoted.join(", ")}`;
};

/** An object of these fields, `[key, name, shape]` each, or a list of their values. A field may be absent
 * if its shape says what it is then. `strict` objects have no others. */
function record(name, fields, { strict = false } = {}) {
  const count = `struct ${name} with ${fields.length} element${fields.length === 1 ? "" : "s"}`;
  const shape = {
    expected: `struct ${name}`,
    narrow: true,
    list(state, reader) {
      const value = {};
      fields.forEach(([, field, inner], index) => {
        if (reader.another(state)) value[field] = inner.read(reader);
        else if (inner.missing) value[field] = inner.missing();
        else throw new JsonError(`invalid length ${index}, expected ${count}`);
      });
      return value;
    },
    object(state, reader) {
      const value = {};
      for (let key = reader.key(state); key !== null; key = reader.key(state)) {
        const known = fields.find(([written]) => written === key);
        if (known === undefined) {
          if (strict) {
            const expected = alternatives(fields.map(([written]) => written));
            throw new JsonError(`unknown field \`${key}\`, expected ${expected}`);
          }
          reader.colon();
          reader.ignore();
          continue;
        }
        const [written, field, inner] = known;
        if (Object.hasOwn(value, field)) throw new JsonError(`duplicate field \`${written}\``);
        reader.colon();
        value[field] = inner.read(reader);
      }
      // In the order of the shape, whatever the order was.
      const ordered = {};
      for (const [written, field, inner] of fields) {
        const absent = inner.missing ?? inner.absent;
        if (Object.hasOwn(value, field)) ordered[field] = value[field];
        else if (absent) ordered[field] = absent();
        else throw new JsonError(`missing field \`${written}\``);
      }
      return ordered;
    },
  };
  return { shape, read: (reader) => reader.any(shape) };
}

/** A value of this shape and nothing after it; throws a JsonError. */
function parseJson(bytes, shape) {
  const reader = new JsonReader(bytes);
  const value = shape.read(reader);
  reader.end();
  return value;
}
