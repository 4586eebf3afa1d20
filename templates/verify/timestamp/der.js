// Reading DER (ITU-T X.690, 10 and 11) strictly, with the limits and the words of errors of the Rust
// crate `der` 0.7, so that the page says of a timestamp what the command says of it.

/** Longest length that is read: 256 MiB. */
const DER_LONGEST = 0xfffffff;

/** Most parts of a name in one set; names have one, seldom two. The command sorts them in a time that grows
 *  with the square of their number. */
const DER_MOST_IN_SET = 16;

const DER_BOOLEAN = 0x01;
const DER_INTEGER = 0x02;
const DER_BIT_STRING = 0x03;
const DER_OCTET_STRING = 0x04;
const DER_NULL = 0x05;
const DER_OID = 0x06;
const DER_UTF8_STRING = 0x0c;
const DER_PRINTABLE_STRING = 0x13;
const DER_TELETEX_STRING = 0x14;
const DER_IA5_STRING = 0x16;
const DER_UTC_TIME = 0x17;
const DER_GENERALIZED_TIME = 0x18;
const DER_SEQUENCE = 0x30;
const DER_SET = 0x31;

/** Universal tags that are known, by their byte. Others are errors. */
const DER_TAG_NAMES = {
  0x01: "BOOLEAN",
  0x02: "INTEGER",
  0x03: "BIT STRING",
  0x04: "OCTET STRING",
  0x05: "NULL",
  0x06: "OBJECT IDENTIFIER",
  0x09: "REAL",
  0x0a: "ENUMERATED",
  0x0c: "UTF8String",
  0x12: "NumericString",
  0x13: "PrintableString",
  0x14: "TeletexString",
  0x15: "VideotexString",
  0x16: "IA5String",
  0x17: "UTCTime",
  0x18: "GeneralizedTime",
  0x1a: "VisibleString",
  0x1e: "BMPString",
  0x30: "SEQUENCE",
  0x31: "SET",
};

/** What is wrong with DER, and at which byte where that is known. */
class DerError {
  constructor(what, position = null) {
    this.what = what;
    this.position = position;
  }

  /** The error as seen from the item around, which begins at `outer`. */
  nested(outer) {
    const position = outer + (this.position ?? 0);
    return new DerError(this.what, position <= DER_LONGEST ? position : null);
  }

  toString() {
    return this.position === null ? this.what : `${this.what} at DER byte ${this.position}`;
  }
}

/** What `read` returns, or null where the DER is wrong. */
function derAttempt(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** `[number]`, implicit and primitive or (`constructed`) explicit, or implicit and constructed. */
function derContext(number, constructed) {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

function derTagName(tag) {
  const universal = DER_TAG_NAMES[tag];
  if (universal) return universal;
  const type = ["", "APPLICATION", "CONTEXT-SPECIFIC", "PRIVATE"][tag >> 6];
  return `${type} [${tag & 0x1f}] (${tag & 0x20 ? "constructed" : "primitive"})`;
}

/** The tag that is this byte; only tags of one byte are known. */
function derTag(byte) {
  if ((byte & 0x1f) === 0x1f) throw new DerError("invalid tag number");
  if (byte < 0x40 && !DER_TAG_NAMES[byte]) {
    throw new DerError(`unknown/unsupported ASN.1 DER tag: 0x${byte.toString(16).padStart(2, "0")}`);
  }
  return byte;
}

function derUnexpected(actual, expected = null) {
  const wanted = expected === null ? "" : `expected ${derTagName(expected)}, `;
  return new DerError(`unexpected ASN.1 DER tag: ${wanted}got ${derTagName(actual)}`);
}

function derExpect(actual, expected) {
  if (actual !== expected) throw derUnexpected(actual, expected);
}

function derWrongLength(tag) {
  return new DerError(`incorrect length for ${derTagName(tag)}`);
}

function derWrongValue(tag) {
  return new DerError(`malformed ASN.1 DER value for ${derTagName(tag)}`);
}

function derNotCanonical(tag) {
  return new DerError(`ASN.1 ${derTagName(tag)} not canonically encoded as DER`);
}

/** A sum of lengths. */
function derSum(a, b) {
  if (a + b > DER_LONGEST) throw new DerError("integer overflow");
  return a + b;
}

/** Bytes that a length takes itself. */
function derLengthOfLength(length) {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  if (length < 0x10000) return 3;
  return length < 0x1000000 ? 4 : 5;
}

/** Tag and length of an item. Lengths have the one shortest form; none is indefinite. */
function derHeader(reader) {
  const tag = derTag(reader.take(1)[0]);
  const first = reader.take(1)[0];
  if (first < 0x80) return { tag, length: first };
  if (first === 0x80) throw new DerError("indefinite length disallowed");
  if (first > 0x84) throw derWrongLength(tag);
  let length = 0;
  for (let i = 0x80; i < first; i++) length = length * 0x100 + reader.take(1)[0];
  if (length > DER_LONGEST) throw new DerError("integer overflow");
  if (0x7f + derLengthOfLength(length) !== first || length < 0x80) throw derWrongLength(tag);
  return { tag, length };
}

/** Reads bytes one item after the other. */
class DerReader {
  constructor(bytes) {
    if (bytes.length > DER_LONGEST) throw new DerError("integer overflow");
    this.bytes = bytes;
    this.position = 0;
    /** Nothing is read after an error. */
    this.failed = false;
  }

  /** The items of the one SEQUENCE that `bytes` are. */
  static ofSequence(bytes) {
    const whole = new DerReader(bytes);
    const inside = whole.sequence();
    whole.end();
    return inside;
  }

  /** Where reading is, in the bytes read from. */
  get offset() {
    return this.position;
  }

  get remaining() {
    return this.bytes.length - this.position;
  }

  get isFinished() {
    return this.remaining === 0;
  }

  error(what) {
    this.failed = true;
    return new DerError(what, this.position);
  }

  /** The next byte, which stays there; null where there is none. */
  peek() {
    return this.failed || this.isFinished ? null : this.bytes[this.position];
  }

  take(length) {
    if (this.failed) throw this.error("operation failed");
    if (length > this.remaining) {
      throw this.error(derIncomplete(derSum(this.position, length), this.bytes.length));
    }
    const from = this.position;
    this.position += length;
    return this.bytes.subarray(from, this.position);
  }

  /** What `read` makes of the next `length` bytes, which it must read to their end. */
  nested(length, read) {
    return derNested(this, length, read);
  }

  /** The content of the next item, which must have this tag. */
  next(tag) {
    const header = derHeader(this);
    const content = this.take(header.length);
    derExpect(header.tag, tag);
    return content;
  }

  /** The content of the next item if it has this tag, else null. */
  optional(tag) {
    return this.isNext(tag) ? this.next(tag) : null;
  }

  isNext(tag) {
    return this.peek() === tag;
  }

  /** The items of the next one, a SEQUENCE. */
  sequence() {
    return new DerReader(this.next(DER_SEQUENCE));
  }

  /** Another reader of the same items, which stands where this one does. */
  clone() {
    const other = new DerReader(this.bytes);
    other.position = this.position;
    other.failed = this.failed;
    return other;
  }

  /** The next item, a name. */
  name() {
    this.clone().modestName();
    return x509Name(this);
  }

  /** Passes over a name, unless it has too large a set. What is wrong with it otherwise is for whoever
   *  decodes it to say. */
  modestName() {
    const sets = derAttempt(() => this.sequence());
    const next = () => sets && derAttempt(() => sets.next(DER_SET));
    for (let set = next(); set; set = next()) {
      const parts = new DerReader(set);
      let count = 0;
      while (!parts.isFinished && derAttempt(() => parts.raw())) {
        count += 1;
        if (count > DER_MOST_IN_SET) throw new DerError("ASN.1 DER message is too long");
      }
    }
  }

  /** The next item with its tag and length, as it stands. */
  raw() {
    const { length } = derHeader(this.clone());
    return this.take(derSum(1 + derLengthOfLength(length), length));
  }

  /** Nothing may follow. */
  end() {
    if (this.failed) throw new DerError("operation failed", this.position);
    derEnd(this);
  }
}

/** Reads the content of an item of another reader, which goes on with it. */
class DerNested {
  constructor(outer, length) {
    if (length > outer.remaining) {
      const offset = outer.offset;
      const expected = derSum(offset, length);
      throw new DerError(derIncomplete(expected, derSum(offset, outer.remaining)), offset);
    }
    this.outer = outer;
    this.length = length;
    this.position = 0;
  }

  get offset() {
    return this.outer.offset;
  }

  get remaining() {
    return this.length - this.position;
  }

  get isFinished() {
    return this.remaining === 0;
  }

  error(what) {
    return this.outer.error(what);
  }

  peek() {
    return this.isFinished ? null : this.outer.peek();
  }

  take(length) {
    const position = derSum(this.position, length);
    if (position > this.length) {
      const offset = this.outer.offset;
      const expected = derSum(offset, length);
      throw new DerError(derIncomplete(expected, derSum(offset, this.remaining)), offset);
    }
    this.position = position;
    return this.outer.take(length);
  }

  nested(length, read) {
    return derNested(this, length, read);
  }

  /** What `read` makes of the next item; the place of an error is counted from here. */
  decode(read) {
    try {
      return read(this);
    } catch (error) {
      throw error instanceof DerError ? error.nested(this.position) : error;
    }
  }
}

function derNested(outer, length, read) {
  const reader = new DerNested(outer, length);
  const value = read(reader);
  derEnd(reader);
  return value;
}

function derEnd(reader) {
  const { position, remaining } = reader;
  if (remaining > 0) {
    const what = `trailing data at end of DER message: decoded ${position} bytes, ${remaining} bytes remaining`;
    throw new DerError(what, position);
  }
}

function derIncomplete(expected, actual) {
  return `ASN.1 DER message is incomplete: expected ${expected}, actual ${actual}`;
}

/** What `read` makes of `bytes`, which are one item. */
function derWhole(bytes, read) {
  const reader = new DerReader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}

/** Reads an item with this tag; `content` reads what is in it. */
function derItem(reader, tag, content) {
  const header = derHeader(reader);
  derExpect(header.tag, tag);
  return content(reader, header.length);
}

/** Reads a SEQUENCE or another constructed item; `content` reads its items. */
function derConstructed(reader, tag, content) {
  return derItem(reader, tag, (inside, length) => inside.nested(length, content));
}

/** Reads items of one kind up to the end. */
function derList(reader, read) {
  const items = [];
  while (!reader.isFinished) items.push(read(reader));
  return items;
}

/** Reads an item if it has this tag, else null. */
function derOptional(reader, tag, read) {
  const byte = reader.peek();
  return byte !== null && derTag(byte) === tag ? read(reader) : null;
}

/** Any item: its tag and its bytes. */
function derAny(reader) {
  const { tag, length } = derHeader(reader);
  return { tag, bytes: reader.take(length) };
}

/** Any item where there is one, else null. */
function derOptionalAny(reader) {
  const byte = reader.peek();
  if (byte === null) return null;
  derTag(byte);
  return derAny(reader);
}

/** `[number]` EXPLICIT or IMPLICIT, else null. Lower numbers before it are passed over. */
function derTagged(reader, number, read) {
  for (let byte = reader.peek(); byte !== null; byte = reader.peek()) {
    const tag = derTag(byte);
    const found = tag & 0x1f;
    if (tag >> 6 !== 2 || found > number) break;
    if (found === number) return read(reader);
    derAny(reader);
  }
  return null;
}

function derExplicit(reader, number, read) {
  return derTagged(reader, number, () => {
    const { tag, length } = derHeader(reader);
    if (!(tag & 0x20)) throw derUnexpected(tag);
    return reader.nested(length, read);
  });
}

/** A primitive one; `content` reads what is in it. */
function derImplicit(reader, number, content) {
  return derTagged(reader, number, () => {
    const { tag, length } = derHeader(reader);
    const value = content(reader, length);
    if (tag & 0x20) throw derNotCanonical(tag);
    return value;
  });
}

/** What the bytes of an INTEGER that is not negative are without a zero before them. */
function derUnsigned(bytes) {
  if (bytes.length === 0) throw derNotCanonical(DER_INTEGER);
  if (bytes[0] === 0 && bytes.length > 1) {
    if (bytes[1] < 0x80) throw derNotCanonical(DER_INTEGER);
    return bytes.subarray(1);
  }
  if (bytes[0] >= 0x80) throw derWrongValue(DER_INTEGER);
  return bytes;
}

/** A number from 0 to 255. */
function derSmall(reader) {
  return derItem(reader, DER_INTEGER, (inside, length) => {
    if (length > 2) throw derNotCanonical(DER_INTEGER);
    const bytes = derUnsigned(inside.take(length));
    if (bytes.length > 1) throw derWrongLength(DER_INTEGER);
    return bytes[0];
  });
}

/** The bytes of an INTEGER of any size that is not negative, the highest first; 0 is one byte. */
function derLarge(reader) {
  return derItem(reader, DER_INTEGER, (inside, length) => derUnsigned(inside.take(length)));
}

function derBoolean(reader) {
  return derItem(reader, DER_BOOLEAN, (inside, length) => {
    if (length !== 1) throw inside.error(derWrongLength(DER_BOOLEAN).what);
    const byte = inside.take(1)[0];
    if (byte !== 0 && byte !== 0xff) throw derNotCanonical(DER_BOOLEAN);
    return byte === 0xff;
  });
}

function derOctets(reader) {
  return derItem(reader, DER_OCTET_STRING, (inside, length) => inside.take(length));
}

/** Content of a BIT STRING: its bytes, and how many bits of the last one are none of it. */
function derBits(reader, length) {
  if (length === 0) throw new DerError("integer overflow");
  const unused = reader.take(1)[0];
  const bytes = reader.take(length - 1);
  if (unused > 7 || (unused !== 0 && bytes.length === 0)) throw derWrongValue(DER_BIT_STRING);
  return { unused, bytes };
}

function derBitString(reader) {
  return derItem(reader, DER_BIT_STRING, derBits);
}

/** Longest object identifier, in bytes. */
const DER_LONGEST_OID = 39;

/** Content of an OBJECT IDENTIFIER, of at least three arcs below 2^32: as bytes in hexadecimal digits. */
function derOidContent(reader, length) {
  if (length > DER_LONGEST_OID) throw derWrongLength(DER_OID);
  const bytes = reader.take(length);
  if (length < 3 || bytes[0] >= 120) throw new DerError("malformed OID");
  let taken = 0;
  for (const byte of bytes.subarray(1)) {
    taken += 1;
    if (taken > 4 && byte & 0xf0) throw new DerError("malformed OID");
    if (byte < 0x80) taken = 0;
  }
  if (taken > 0) throw new DerError("malformed OID");
  return derHex(bytes);
}

function derOid(reader) {
  return derItem(reader, DER_OID, derOidContent);
}

/** An object identifier with dots between its arcs. */
function derDotted(oid) {
  const bytes = derUnhex(oid);
  const arcs = [Math.floor(bytes[0] / 40), bytes[0] % 40];
  let arc = 0;
  for (const byte of bytes.slice(1)) {
    // Bits beyond the 32 of an arc are lost, as in the command.
    arc = ((arc << 7) | (byte & 0x7f)) >>> 0;
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  return arcs.join(".");
}

/** The object identifier with these arcs. */
function derOidOf(dotted) {
  const [first, second, ...others] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of others) {
    const seven = [arc & 0x7f];
    for (let left = Math.floor(arc / 0x80); left > 0; left = Math.floor(left / 0x80)) seven.unshift(0x80 | (left & 0x7f));
    bytes.push(...seven);
  }
  return derHex(bytes);
}

function derHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function derUnhex(digits) {
  return digits.match(/../g).map((pair) => parseInt(pair, 16));
}

/** Tag, length, content. */
function derEncode(tag, content) {
  const { length } = content;
  const head = [tag];
  const more = derLengthOfLength(length) - 1;
  if (more > 0) head.push(0x80 | more);
  for (let i = Math.max(more, 1) - 1; i >= 0; i--) head.push(Math.floor(length / 0x100 ** i) % 0x100);
  const out = new Uint8Array(head.length + length);
  out.set(head);
  out.set(content, head.length);
  return out;
}

/** -1, 0 or 1: which of two strings of bytes comes first. */
function derCompareBytes(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

function derSame(a, b) {
  return a.length === b.length && derCompareBytes(a, b) === 0;
}
