// Bytes, text in UTF-8 and numbers of 64 bits, counted and compared as the command does it.

// Sizes and places of a zip have up to 64 bits, which a Number does not hold: they are BigInt.
const LARGEST_NUMBER = (1n << 64n) - 1n;

const atMost = (a, b) => (a < b ? a : b);
const addUpTo = (a, b) => atMost(a + b, LARGEST_NUMBER);
const takeFrom = (a, b) => (a > b ? a - b : 0n);
/** A place or length as a field of four bytes; one that does not fit can equal none. */
const saturate = (number) => atMost(number, 0xffffffffn);

/** A little-endian number, or null where the bytes end before it. */
function number(bytes, at, length) {
  if (at + length > bytes.length) return null;
  let value = 0n;
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]);
  return value;
}

/** The same of at most four bytes, which the caller knows to be there. */
function small(bytes, at, length) {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return value;
}

/** A number as little-endian bytes. */
function littleEndian(value, length) {
  const out = new Uint8Array(length);
  let rest = BigInt(value);
  for (let i = 0; i < length; i++) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

/** The parts as one; there may be more than a function takes arguments. */
function joinedAll(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const joined = (...parts) => joinedAll(parts);

const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const beginsWith = (bytes, start) =>
  bytes.length >= start.length && start.every((byte, i) => byte === bytes[i]);

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** `0x` and at least so many digits. */
const hexNumber = (value, digits) => "0x" + value.toString(16).padStart(digits, "0");

const encode = (text) => new TextEncoder().encode(text);
/** Text of bytes that may be none: what is no UTF-8 becomes U+FFFD. */
const lossy = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
/** Text of bytes, or null where they are no UTF-8. */
function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Byte order of UTF-8, which is that of the code points; JavaScript compares units of UTF-16. */
function byByte(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const [high, other] = [(x & 0xf800) === 0xd800, (y & 0xf800) === 0xd800];
    return high === other ? x - y : high ? 1 : -1;
  }
  return a.length - b.length;
}

/** Entries of a map in byte order of the keys. */
const inOrder = (map) => [...map].sort(([a], [b]) => byByte(a, b));

/** Length in bytes of UTF-8. */
const byteLength = (text) => encode(text).length;

// Unicode's White_Space. JavaScript's own trim() takes U+FEFF for white space, and not U+0085.
const WHITE = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WHITE_AT_START = new RegExp(`^[${WHITE}]+`, "u");
const WHITE_AT_END = new RegExp(`[${WHITE}]+$`, "u");
const trimEnd = (text) => text.replace(WHITE_AT_END, "");
const trim = (text) => trimEnd(text.replace(WHITE_AT_START, ""));

/** What stands before and after the first `mark`, or null. */
function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? null : [text.slice(0, at), text.slice(at + mark.length)];
}

/** The text without this start, or null where it has another. */
const withoutStart = (text, start) => (text.startsWith(start) ? text.slice(start.length) : null);
const withoutEnd = (text, end) => (text.endsWith(end) ? text.slice(0, -end.length) : null);

/** Lines that end in LF; what follows the last LF is one if it is not empty. */
function terminated(text) {
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/** The same with one CR at the end of a line taken away. */
const lines = (text) =>
  terminated(text).map((line, index, all) => {
    // Without LF behind it, a CR is a part of the last line.
    const ended = index < all.length - 1 || text.endsWith("\n");
    return ended && line.endsWith("\r") ? line.slice(0, -1) : line;
  });
