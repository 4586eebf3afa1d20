// Shows a hostile name without letting it act: control characters, characters that are not seen and changes
// of writing direction become escapes.

const ACTS = /[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const visible = (text) => text.replace(ACTS, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);

/** JSON that acts on no terminal, and means the same: JSON allows any character of a string as `\uXXXX`. */
const printableJson = (json) =>
  json.replace(ACTS_IN_JSON, (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, "0")}`);
const ACTS_IN_JSON = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff]/g;

/** Digits in groups of four, as a person compares them. */
const grouped = (digest) => digest.match(/.{4}/g).join(" ");

const withSeparators = (whole) => String(whole).replace(/\B(?=(\d{3})+$)/g, ",");

/** A size for a person. */
function sizeText(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  let [value, unit] = [bytes / 1000, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value.toFixed(value < 9.995 ? 1 : 0)} ${units[unit]}`;
}
