// Extra fields of headers (APPNOTE 4.5): read only as far as to know that they do no harm.

const ZIP64_FIELD = 0x0001;
/** Times and owners, which no content depends on: Unix (three kinds), its new form, NTFS. */
const HARMLESS_FIELDS = [0x5455, 0x5855, 0x7875, 0x7855, 0x000a];

class Extra {
  zip64 = null;
  /** Why the fields cannot stand in a bundle's container. */
  fault = null;

  constructor(bytes) {
    for (let at = 0; at < bytes.length; ) {
      const length = at + 4 <= bytes.length ? small(bytes, at + 2, 2) : Infinity;
      if (at + 4 + length > bytes.length) {
        this.fault = "its extra fields are not whole";
        break;
      }
      const tag = small(bytes, at, 2);
      const data = bytes.subarray(at + 4, at + 4 + length);
      if (tag === ZIP64_FIELD && this.zip64 === null) {
        this.zip64 = [];
        for (let word = 0; word + 8 <= data.length; word += 8) this.zip64.push(number(data, word, 8));
      } else if (tag === ZIP64_FIELD) {
        this.fault = "it has two zip64 extra fields";
      } else if (!HARMLESS_FIELDS.includes(tag)) {
        this.fault = `it has an extra field ${hexNumber(tag, 4)}, which may change its meaning`;
      }
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
