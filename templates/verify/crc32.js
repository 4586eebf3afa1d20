// CRC-32 as zip defines it (APPNOTE 4.4.7), eight bytes at a step.

const CRC_TABLES = (() => {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    tables[0][n] = c;
  }
  for (let step = 1; step < 8; step++) {
    for (let n = 0; n < 256; n++) {
      const before = tables[step - 1][n];
      tables[step][n] = (before >>> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
})();

class Crc32 {
  state = -1;

  update(bytes) {
    const [t0, t1, t2, t3, t4, t5, t6, t7] = CRC_TABLES;
    let c = this.state;
    let at = 0;
    for (const end = bytes.length - 7; at < end; at += 8) {
      c ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      c = t7[c & 0xff] ^ t6[(c >>> 8) & 0xff] ^ t5[(c >>> 16) & 0xff] ^ t4[c >>> 24]
        ^ t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
    }
    for (; at < bytes.length; at++) c = t0[(c ^ bytes[at]) & 0xff] ^ (c >>> 8);
    this.state = c;
    return this;
  }

  digest() {
    return ~this.state >>> 0;
  }
}
