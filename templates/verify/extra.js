// Extra fields of headers (APPNOTE 4.5): read only as far as to know that they do no harm.

/** Enough to tell the fields from the longest of the format. */
const LONGEST_KEPT = 32;
const ZIP64_FIELD = 0x0001;
/** At most two sizes, a place and a disk. */
const LONGEST_ZIP64 = 28;
/** The most bytes of the number of an owner or group. */
const LONGEST_OWNER = 8;

class Extra {
  zip64 = null;
  /** The bytes, as far as they can be the field of the format. */
  kept;
  /** Why the fields cannot stand in a bundle's container. */
  fault = null;

  /** Up to the first field that is at fault: there may be thousands behind it. */
  constructor(bytes) {
    this.kept = bytes.slice(0, LONGEST_KEPT);
    const seen = [];
    for (let at = 0; this.fault === null && at < bytes.length; ) {
      const length = at + 4 <= bytes.length ? small(bytes, at + 2, 2) : Infinity;
      if (at + 4 + length > bytes.length) {
        this.fault = "its extra fields are not whole";
        break;
      }
      const tag = small(bytes, at, 2);
      const data = bytes.subarray(at + 4, at + 4 + length);
      this.fault = extraFault(tag, data, seen);
      if (tag === ZIP64_FIELD && this.fault === null) {
        this.zip64 = [];
        for (let word = 0; word + 8 <= data.length; word += 8) this.zip64.push(number(data, word, 8));
      }
      seen.push(tag);
      at += 4 + length;
    }
  }

  /** The fields with the numbers of zip64 in place of each that is full (APPNOTE 4.4.1.4). */
  widen(fields) {
    const numbers = [...(this.zip64 ?? [])];
    return fields.map((field) => {
      if (field !== 0xffffffffn) return field;
      if (numbers.length > 0) return numbers.shift();
      this.fault ??= "a size or place of zip64 is missing";
      return field;
    });
  }
}

/** Why a field cannot stand behind those of the tags `seen`, or null. */
function extraFault(tag, data, seen) {
  const own = holdsItsOwn(tag, data);
  if (own === null) return `it has an extra field ${hexNumber(tag, 4)}, which may change its meaning`;
  if (seen.includes(tag)) return `it has two extra fields ${hexNumber(tag, 4)}`;
  return own ? null : `its extra field ${hexNumber(tag, 4)} holds something else than such a field does`;
}

/** Whether a field of zip64, or of times and owners, which no content depends on, holds that and has no room
 * for anything else, such as headers of other files; null for any other field. */
function holdsItsOwn(tag, data) {
  switch (tag) {
    case ZIP64_FIELD:
      return data.length <= LONGEST_ZIP64;
    // Unix: which times there are, and at most three.
    case 0x5455:
      return data.length <= 13 && (data.length === 0 || data[0] <= 0b111);
    // Two times, an owner and a group.
    case 0x5855:
      return data.length <= 12;
    case 0x7855:
      return data.length <= 4;
    case 0x7875:
      return isOwners(data);
    // NTFS: four bytes that are reserved, then a part of tag 1 with three times.
    case 0x000a:
      return data.length === 32 && sameBytes(data.subarray(4, 8), [1, 0, 24, 0]);
    default:
      return null;
  }
}

/** Version 1, then the numbers of an owner and a group, each behind its length, and nothing after them. */
function isOwners(data) {
  if (data.length < 2 || data[0] !== 1) return false;
  const [, owner] = data;
  if (2 + owner >= data.length) return false;
  const group = data[2 + owner];
  return Math.max(owner, group) <= LONGEST_OWNER && data.length === 3 + owner + group;
}
