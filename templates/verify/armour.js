// The text around an SSH signature or key, and the strings inside.

/** Why something is no valid signature or key, in lower case and without a full stop. */
class Refused extends Error {}

/** The bytes between two marker lines. Lines may have any length and either line ending, as ssh-keygen
 * allows. */
function dearmour(bytes, begin, end) {
  const text = decode(bytes);
  if (text === null) throw new Refused("it is not text");
  const body = withoutStart(trim(text), begin);
  if (body === null) throw new Refused(`it does not start with the line \`${trim(begin)}\``);
  const parts = splitOnce(body, end);
  if (parts === null) throw new Refused(`it is cut off: the line \`${trim(end)}\` is missing`);
  if (parts[1] !== "") throw new Refused(`there is text after \`${trim(end)}\``);
  const found = fromBase64(parts[0].replace(/[ \t\n\f\r]/g, ""));
  if (found === null) throw new Refused("its base64 text is damaged: invalid Base64 encoding");
  return found;
}

/** The bytes of a base64 text in its one form, with padding; else null. */
function fromBase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const characters = atob(text);
  // Bits that no byte needs are 0.
  if (btoa(characters) !== text) return null;
  return Uint8Array.from(characters, (c) => c.charCodeAt(0));
}

const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Reads the strings of SSH (RFC 4251, section 5): a length in four bytes, then the bytes. */
class Strings {
  /** The command's library reads no longer ones. */
  static LONGEST = 0xfffff;

  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get left() {
    return this.bytes.length - this.at;
  }

  raw(length) {
    if (this.left < length) throw new Refused("length invalid");
    const found = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return found;
  }

  uint32() {
    return this.raw(4).reduce((number, byte) => number * 256 + byte, 0);
  }

  length() {
    const length = this.uint32();
    if (length > Strings.LONGEST) throw new Refused("internal overflow error");
    return length;
  }

  string(most = Strings.LONGEST) {
    const length = this.length();
    if (length > most) throw new Refused("length invalid");
    return this.raw(length);
  }

  text(most) {
    const text = decode(this.string(most));
    if (text === null) throw new Refused("character encoding invalid");
    return text;
  }

  /** A whole number in two's complement, without bytes that it does not need. */
  mpint() {
    const bytes = this.string();
    if (bytes[0] === 0 && !(bytes[1] >= 0x80)) throw new Refused("format encoding error");
    return bytes;
  }

  end() {
    if (this.left > 0) throw new Refused(`unexpected trailing data at end of message (${this.left} bytes)`);
  }
}

/** The same written. */
const sshString = (bytes) => joined(littleEndian(bytes.length, 4).reverse(), bytes);
const sshStrings = (...all) => joined(...all.map((one) => sshString(typeof one === "string" ? encode(one) : one)));

/** The bytes of a number above 0 without its leading zero; null for another. */
function positive(mpint) {
  if (mpint.length === 0 || mpint[0] >= 0x80) return null;
  return mpint[0] === 0 ? mpint.subarray(1) : mpint;
}

/** A number of big-endian bytes. */
const bigNumber = (bytes) => (bytes.length === 0 ? 0n : BigInt(`0x${hex(bytes)}`));

/** A number as big-endian bytes of the given length. */
function bigEndian(value, length) {
  return Uint8Array.from(value.toString(16).padStart(2 * length, "0").match(/../g), (pair) => parseInt(pair, 16));
}

function modularPower(base, exponent, modulus) {
  let result = 1n;
  let power = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * power) % modulus;
    power = (power * power) % modulus;
  }
  return result;
}
