// Certificates as text: base64 between two marked lines (RFC 7468, 2 and 5).

const PEM_BEGIN = "-----BEGIN CERTIFICATE-----";
const PEM_END = "-----END CERTIFICATE-----";
const PEM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PEM_PADDING = 0x3d;

/** White space of Unicode, which JavaScript's own `trim` counts otherwise. */
const PEM_SPACE = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const PEM_SPACE_BEFORE = new RegExp(`^${PEM_SPACE}+`);

/** Without white space at its end. A pattern would take its time with long rows of it. */
function pemTrimEnd(text) {
  const space = new RegExp(PEM_SPACE);
  let end = text.length;
  while (end > 0 && space.test(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** The certificates of a file in DER, in their order, or `{ reason }`. Text around them, as openssl
 *  writes it, and blocks of other kinds are passed over. */
function pemRead(pem) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(pem);
  } catch {
    return { reason: "this is no text" };
  }
  const certificates = [];
  let from = null;
  let parts = [];
  for (const [index, untrimmed] of text.split("\n").entries()) {
    const line = pemTrimEnd(untrimmed);
    if (from === null) {
      if (line === PEM_BEGIN) [from, parts] = [index + 1, []];
    } else if (line === PEM_END) {
      const read = pemBase64(new TextEncoder().encode(parts.join("")));
      if (read.error) return { reason: `the block that begins in line ${from} is no base64: ${read.error}` };
      certificates.push(read.bytes);
      from = null;
    } else {
      parts.push(line.replace(PEM_SPACE_BEFORE, ""));
    }
  }
  if (from !== null) return { reason: `the block that begins in line ${from} is not closed by \`${PEM_END}\`` };
  return certificates.length === 0 ? { reason: "the file holds no certificates in PEM" } : { certificates };
}

/** The `bytes` that base64 with padding stands for, or the `error` in the words of the Rust crate `base64`. */
function pemBase64(symbols) {
  const value = new Int16Array(256).fill(-1);
  for (let i = 0; i < 64; i++) value[PEM_ALPHABET.charCodeAt(i)] = i;
  const invalid = (offset) => ({ error: `Invalid symbol ${symbols[offset]}, offset ${offset}.` });
  const { length } = symbols;
  if (length % 4 === 1 && symbols[length - 1] !== PEM_PADDING && value[symbols[length - 1]] < 0) {
    return invalid(length - 1);
  }
  const tail = length === 0 ? 0 : length - (length % 4 || 4);
  const out = new Uint8Array((Math.floor(length / 4) + 1) * 3);
  let written = 0;
  for (let at = 0; at < tail; at += 4) {
    for (let i = at; i < at + 4; i++) if (value[symbols[i]] < 0) return invalid(i);
    const bits = (value[symbols[at]] << 18) | (value[symbols[at + 1]] << 12) | (value[symbols[at + 2]] << 6) | value[symbols[at + 3]];
    out.set([bits >> 16, (bits >> 8) & 0xff, bits & 0xff], written);
    written += 3;
  }
  let [count, bits, padding, firstPadding] = [0, 0, 0, 0];
  for (let i = tail; i < length; i++) {
    if (symbols[i] === PEM_PADDING) {
      if (i - tail < 2) return invalid(i);
      if (padding === 0) firstPadding = i;
      padding += 1;
      continue;
    }
    if (padding > 0) return invalid(firstPadding);
    if (value[symbols[i]] < 0) return invalid(i);
    bits |= value[symbols[i]] << (18 - 6 * count);
    count += 1;
  }
  if (length > 0 && count < 2) return { error: `Invalid input length: ${tail + count}` };
  if ((padding + count) % 4 !== 0) return { error: "Invalid padding" };
  const last = Math.floor((count * 6) / 8);
  if (bits & (0xffffff >> (last * 8))) {
    const offset = tail + count - 1;
    return { error: `Invalid last symbol ${symbols[offset]}, offset ${offset}.` };
  }
  for (let i = 0; i < last; i++) out[written++] = (bits >> (16 - 8 * i)) & 0xff;
  return { bytes: out.slice(0, written) };
}

/** A certificate as text, with a final newline. */
function pemWrite(der) {
  let base64 = "";
  for (let at = 0; at < der.length; at += 3) {
    const bits = (der[at] << 16) | ((der[at + 1] ?? 0) << 8) | (der[at + 2] ?? 0);
    const four = [18, 12, 6, 0].map((shift) => PEM_ALPHABET[(bits >> shift) & 63]).join("");
    const rest = der.length - at;
    base64 += rest > 2 ? four : `${four.slice(0, rest + 1)}${"=".repeat(3 - rest)}`;
  }
  const lines = base64.match(/.{1,64}/g) ?? [""];
  return `${PEM_BEGIN}\n${lines.join("\n")}\n${PEM_END}\n`;
}
