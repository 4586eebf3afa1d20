// X.509 certificates (RFC 5280, 4) taken apart, as the Rust crate `x509-cert` 0.2 does.

/** Longest serial number, in bytes: 20 and, as some read RFC 5280, one for the sign. */
const X509_LONGEST_SERIAL = 21;

function x509Sequence(reader, content) {
  return derConstructed(reader, DER_SEQUENCE, content);
}

function x509Certificate(reader) {
  return x509Sequence(reader, (inside) => ({
    signed: inside.decode(x509Signed),
    algorithm: inside.decode(x509Algorithm),
    signature: inside.decode(derBitString),
  }));
}

/** TBSCertificate: what the issuer signs. */
function x509Signed(reader) {
  return x509Sequence(reader, (inside) => {
    derExplicit(inside, 0, x509Version);
    const signed = {
      serial: inside.decode(x509Serial),
      algorithm: inside.decode(x509Algorithm),
      issuer: inside.decode(x509Name),
      validity: inside.decode(x509Validity),
      subject: inside.decode(x509Name),
      key: inside.decode(x509Key),
    };
    derImplicit(inside, 1, derBits);
    derImplicit(inside, 2, derBits);
    signed.extensions = derExplicit(inside, 3, x509Extensions) ?? [];
    return signed;
  });
}

function x509Version(reader) {
  const version = derSmall(reader);
  if (version > 2) throw derWrongValue(DER_INTEGER);
  return version;
}

/** A serial number in hexadecimal digits. */
function x509Serial(reader) {
  return derItem(reader, DER_INTEGER, (inside, length) => {
    const bytes = inside.take(length);
    const sign = bytes[0] === 0 ? 0 : 0xff;
    const padded = length > 1 && bytes[0] === sign && bytes[1] >> 7 === sign >> 7;
    if (length === 0 || padded) throw derNotCanonical(DER_INTEGER);
    if (length > X509_LONGEST_SERIAL) throw derWrongValue(DER_INTEGER);
    return derHex(bytes);
  });
}

/** AlgorithmIdentifier: `oid` and `parameters`, null where it has none. */
function x509Algorithm(reader) {
  return x509Sequence(reader, (inside) => ({
    oid: inside.decode(derOid),
    parameters: inside.decode(derOptionalAny),
  }));
}

function x509Key(reader) {
  return x509Sequence(reader, (inside) => ({
    algorithm: inside.decode(x509Algorithm),
    key: derBitString(inside),
  }));
}

function x509Extensions(reader) {
  return x509Sequence(reader, (inside) => derList(inside, x509Extension));
}

function x509Extension(reader) {
  return x509Sequence(reader, (inside) => ({
    oid: inside.decode(derOid),
    critical: derOptional(inside, DER_BOOLEAN, derBoolean) ?? false,
    value: inside.decode(derOctets),
  }));
}

/** The two ends in seconds since 1970. */
function x509Validity(reader) {
  return x509Sequence(reader, (inside) => ({
    from: inside.decode(x509Time),
    until: inside.decode(x509Time),
  }));
}

/** UTCTime or GeneralizedTime, with seconds and `Z` (RFC 5280, 4.1.2.5), in seconds since 1970. */
function x509Time(reader) {
  const byte = reader.peek();
  if (byte === null) throw new DerError(derIncomplete(reader.length + 1, reader.length), reader.length);
  const tag = derTag(byte);
  if (tag !== DER_UTC_TIME && tag !== DER_GENERALIZED_TIME) throw derUnexpected(tag);
  return derItem(reader, tag, (inside, length) => {
    const digits = tag === DER_UTC_TIME ? 12 : 14;
    if (length !== digits + 1) throw derWrongValue(tag);
    const text = String.fromCharCode(...inside.take(length));
    if (digits === 14 && /^[0-9]{2}(?![0-9]{2}).*Z$/s.test(text)) throw new DerError("date/time error");
    // Two digits of a year are those of 1950 to 2049.
    const century = digits === 14 ? "" : text < "50" ? "20" : "19";
    const seconds = /^[0-9]+Z$/.test(text) ? x509Seconds(century + text.slice(0, digits)) : null;
    if (seconds === null) throw derWrongValue(tag);
    return seconds;
  });
}

/** Seconds from 1970 to `YYYYMMDDhhmmss`, or null where there is no such time; none is before 1970. */
function x509Seconds(digits) {
  const number = (from, to) => Number(digits.slice(from, to));
  const [year, month, day] = [number(0, 4), number(4, 6), number(6, 8)];
  const [hour, minute, second] = [number(8, 10), number(10, 12), number(12, 14)];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const fair = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
  if (!fair || hour > 23 || minute > 59 || second > 59) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/** Name: a list of sets of attributes. */
function x509Name(reader) {
  return x509Sequence(reader, (inside) => derList(inside, x509Set));
}

function x509Set(reader) {
  return derConstructed(reader, DER_SET, (inside) => x509Sorted(derList(inside, x509Attribute)));
}

/** AttributeTypeAndValue. */
function x509Attribute(reader) {
  return x509Sequence(reader, (inside) => ({
    oid: inside.decode(derOid),
    value: inside.decode(derAny),
  }));
}

/** The attributes of a set in the order of DER: in a certificate they may stand in any, but not twice. */
function x509Sorted(attributes) {
  const sorted = attributes.map((attribute) => ({ attribute, key: x509SortKey(attribute) }));
  sorted.sort((a, b) => derCompareBytes(a.key, b.key));
  const twice = sorted.some(({ key }, i) => i > 0 && derSame(key, sorted[i - 1].key));
  if (twice) throw new DerError("SET OF contains duplicate");
  return sorted.map(({ attribute }) => attribute);
}

/** What orders attributes: length, then object identifier, then value, each with its length first. */
function x509SortKey({ oid, value }) {
  const [size, length] = [oid.length / 2, value.bytes.length];
  const all = 2 + derLengthOfLength(size) + size + derLengthOfLength(length) + length;
  const head = [...x509Number(all), ...x509Number(size), ...derUnhex(oid), value.tag, ...x509Number(length)];
  const key = new Uint8Array(head.length + length);
  key.set(head);
  key.set(value.bytes, head.length);
  return key;
}

function x509Number(length) {
  return [24, 16, 8, 0].map((shift) => (length >> shift) & 0xff);
}

function x509SameAny(a, b) {
  return a === null || b === null ? a === b : a.tag === b.tag && derSame(a.bytes, b.bytes);
}

function x509SameAlgorithm(a, b) {
  return a.oid === b.oid && x509SameAny(a.parameters, b.parameters);
}

function x509SameName(a, b) {
  const sameAttribute = (one, other) => one.oid === other.oid && x509SameAny(one.value, other.value);
  const sameSet = (one, other) => x509SameList(one, other, sameAttribute);
  return x509SameList(a, b, sameSet);
}

function x509SameList(a, b, same) {
  return a.length === b.length && a.every((item, i) => same(item, b[i]));
}

/** A name as a person reads it (RFC 4514): the innermost part first. */
function x509NameText(name) {
  return [...name].reverse().map((set) => set.map(x509AttributeText).join("+")).join(",");
}

function x509AttributeText({ oid, value }) {
  const key = x509ShortName(oid);
  const text = x509StringText(value);
  if (key === null || text === null) return `${derDotted(oid)}=#${derHex(derEncode(value.tag, value.bytes))}`;
  const characters = [...text];
  const escaped = characters.map((c, i) => {
    const code = c.codePointAt(0);
    if (c === "#" && i === 0) return "\\#";
    if (c === " " && (i === 0 || i === characters.length - 1)) return "\\ ";
    if ('"+,;<>\\'.includes(c)) return `\\${c}`;
    if (code < 0x20 || code === 0x7f) return `\\${code.toString(16).padStart(2, "0")}`;
    return c;
  });
  return `${key}=${escaped.join("")}`;
}

/** The text of a string, or null: of another kind, or with bytes that its kind does not allow. */
function x509StringText({ tag, bytes }) {
  const allowed = {
    [DER_PRINTABLE_STRING]: /^[A-Za-z0-9 '()+,\-./:=?]*$/,
    [DER_IA5_STRING]: /^[\x00-\x7f]*$/,
    [DER_TELETEX_STRING]: /^[\x00-\x7f]*$/,
    [DER_UTF8_STRING]: /^/,
  }[tag];
  if (!allowed) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return allowed.test(text) ? text : null;
  } catch {
    return null;
  }
}
