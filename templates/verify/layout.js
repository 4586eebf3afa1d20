// The container's headers, byte for byte: APPNOTE.TXT 6.3.10, 4.3.7, 4.3.9, 4.3.12, 4.3.14 to 4.3.16.

const LOCAL_SIGNATURE = [0x50, 0x4b, 3, 4];
const CENTRAL_SIGNATURE = [0x50, 0x4b, 1, 2];
const END_SIGNATURE = [0x50, 0x4b, 5, 6];
const ZIP64_SIGNATURE = [0x50, 0x4b, 6, 6];
const LOCATOR_SIGNATURE = [0x50, 0x4b, 6, 7];
const DESCRIPTOR_SIGNATURE = [0x50, 0x4b, 7, 8];

// Lengths without names, in bytes.
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const END_LENGTH = 22;
const ZIP64_LENGTH = 56;
const LOCATOR_LENGTH = 20;

const COMMON_FIELDS = [
  ["version needed", 2],
  ["flags", 2],
  ["compression method", 2],
  ["time", 2],
  ["date", 2],
  ["CRC-32", 4],
  ["stored size", 4],
  ["size", 4],
  ["length of the name", 2],
  ["length of the extra field", 2],
];
const LOCAL_FIELDS = [["signature", 4], ...COMMON_FIELDS];
const CENTRAL_FIELDS = [
  ["signature", 4],
  ["made by", 2],
  ...COMMON_FIELDS,
  ["length of the comment", 2],
  ["disk", 2],
  ["internal attributes", 2],
  ["external attributes", 4],
  ["offset of the local header", 4],
];
const END_FIELDS = [
  ["signature", 4],
  ["disk", 2],
  ["disk of the directory", 2],
  ["entries on this disk", 2],
  ["entries", 2],
  ["length of the directory", 4],
  ["offset of the directory", 4],
  ["length of the comment", 2],
];

/** Versions 1.0 and, where sizes stand in a field of zip64, 4.5 (APPNOTE 4.4.3.2). */
const VERSION_NEEDED = 10;
const VERSION_OF_ZIP64 = 45;
/** Unix, in the upper byte of who made it. */
const UNIX = 3 << 8;
/** The first number that does not fit into a field of four bytes: all ones refer to zip64. */
const FULL = 0xffffffffn;
const ZIP64_TAG = 1;
const UTF8_NAME = 0x0800;
/** Bits 0, 6 and 13: traditional and strong encryption, masked header values (APPNOTE 4.4.4). */
const ENCRYPTED = 0x2041;
/** Bit 3: sums and sizes follow the data. */
const DESCRIBED_LATER = 0x0008;
/** Bits 1 and 2, how hard deflate tried, and 11, the encoding of the name. */
const FREE_FLAGS = 0x0806;
/** 1 January 1980. */
const DATE = 0x0021;
/** A regular file with mode 0644, in the upper half as Unix writes it. */
const ATTRIBUTES = 0o100644 * 0x10000;

/** The sizes where they stand in a field of zip64, and then both. */
const wideSizes = ({ stored, size }) => (stored >= FULL || size >= FULL ? [size, stored] : []);

/** Of an entry, or of all, of which some have sizes in a field of zip64 or none has. */
const versionNeeded = (wide) => (wide ? VERSION_OF_ZIP64 : VERSION_NEEDED);

/** The extra field of zip64 with these numbers, if there are any (APPNOTE 4.5.3). */
function zip64Field(numbers) {
  if (numbers.length === 0) return new Uint8Array(0);
  const head = [ZIP64_TAG, 8 * numbers.length].map((value) => littleEndian(value, 2));
  return joined(...head, ...numbers.map((value) => littleEndian(value, 8)));
}

/** From the version needed to the length of the extra field, which both headers have in the same order. */
function commonPart(facts, extra) {
  const { name, crc, stored, size } = facts;
  const flags = name.every((byte) => byte < 0x80) ? 0 : UTF8_NAME;
  const wide = wideSizes(facts).length > 0;
  return joined(
    ...[versionNeeded(wide), flags, 0, 0, DATE].map((value) => littleEndian(value, 2)),
    ...[crc, wide ? FULL : stored, wide ? FULL : size].map((value) => littleEndian(value, 4)),
    littleEndian(Math.min(name.length, 0xffff), 2),
    littleEndian(extra.length, 2),
  );
}

/** The local header without the name, and its extra field. */
function localHeader(facts) {
  const extra = zip64Field(wideSizes(facts));
  return [joined(LOCAL_SIGNATURE, commonPart(facts, extra)), extra];
}

/** The central header without the name, and its extra field. */
function centralHeader(facts) {
  const sizes = wideSizes(facts);
  const extra = zip64Field(facts.offset >= FULL ? [...sizes, facts.offset] : sizes);
  const fixed = joined(
    CENTRAL_SIGNATURE,
    littleEndian(UNIX | versionNeeded(sizes.length > 0), 2),
    commonPart(facts, extra),
    new Uint8Array(6),
    littleEndian(ATTRIBUTES, 4),
    littleEndian(saturate(facts.offset), 4),
  );
  return [fixed, extra];
}

/** Whether the end record of a directory of this length and offset needs those of zip64. */
const needsZip64 = (length, offset) => length > FULL || offset > FULL;

/** The end record for `entries`, whose directory has the given length and offset. */
const endRecord = (entries, length, offset) =>
  joined(
    END_SIGNATURE,
    new Uint8Array(4),
    littleEndian(entries, 2),
    littleEndian(entries, 2),
    littleEndian(length, 4),
    littleEndian(offset, 4),
    [0, 0],
  );

/** Every field of a header that is not as expected: its name, the value found, and both in words. */
function compareFields(fields, expected, found, at) {
  const differing = [];
  let from = 0;
  for (const [field, length] of fields) {
    const want = number(expected, from, length);
    const have = number(found, from, length);
    if (want !== have) {
      const value = have ?? 0n;
      const text =
        `${field} at byte ${at + BigInt(from)}: expected ${hexNumber(want ?? 0n, 2 * length)}, ` +
        `found ${hexNumber(value, 2 * length)}${meaning(field, Number(value))}`;
      differing.push({ field, found: value, text });
    }
    from += length;
  }
  return differing;
}

/** What a wrong value would make of the entry, for the reader who does not know zip by heart. */
function meaning(field, value) {
  if (field === "compression method") return value === 8 ? " (deflate)" : " (not stored)";
  if (field === "flags" && value & ENCRYPTED) return " (encrypted)";
  if (field === "flags" && value & 8) return " (sizes after the data)";
  if (field === "external attributes") {
    const mode = value >>> 16;
    const type = mode & 0o170000;
    if (type === 0o120000) return " (a symbolic link)";
    if (type === 0o040000) return " (a directory)";
    if (type === 0o100000 || type === 0) return mode & 0o7111 ? " (executable)" : "";
    return " (not a regular file)";
  }
  if (field === "length of the extra field" && value > 0) return " (an extra field)";
  if (field === "length of the comment") return " (a comment)";
  return "";
}
