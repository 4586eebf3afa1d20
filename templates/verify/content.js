// What is known of a file after it went by once: size, digest, sum, and its text where the checks read it.

/** The most that is kept of a list or manifest. */
const LONGEST_TEXT = 64 << 20;
/** The same of a signature or timestamp, and of the headers of the bag. */
const LONGEST_SEAL = 1 << 20;
/** The same of all signatures and timestamps together. */
const MOST_OF_SEALS = 64n << 20n;
/** Files up to this size are held one at a time and digested by WebCrypto, which is ten times as fast. */
const LARGEST_HELD = 64n << 20n;

/** How much of the file at this path in the top folder is kept for the checks. */
function keptOf(path) {
  if (isAttached(path) || path === DECLARATION_FILE || path === INFO_FILE) return LONGEST_SEAL;
  return [...TAG_FILES, ...LISTS, DIGESTS_FILE, CUSTODY_FILE].includes(path) ? LONGEST_TEXT : 0;
}

/** Takes a file in, piece by piece: one of which `size` bytes are stated and `kept` are kept. */
class Taker {
  constructor(deflated, size, kept) {
    this.inflater = deflated ? new Inflater() : null;
    this.most = size;
    this.bytes = 0;
    this.parts = size <= LARGEST_HELD ? [] : null;
    this.sha256 = this.parts === null ? new Sha256() : null;
    this.crc = new Crc32();
    this.kept = kept > 0 && size <= BigInt(kept);
    this.failure = null;
  }

  take(piece) {
    if (this.failure !== null) return;
    const sink = (part) => {
      this.bytes += part.length;
      if (BigInt(this.bytes) > this.most) throw `they are more than the ${this.most} bytes stated`;
      this.crc.update(part);
      if (this.parts === null) this.sha256.update(part);
      else this.parts.push(part.slice());
    };
    try {
      if (this.inflater !== null) this.inflater.take(piece, sink);
      else sink(piece);
    } catch (reason) {
      if (typeof reason !== "string") throw reason;
      this.failure = reason;
    }
  }

  /** What was taken in, `{content}`, or why it is not what was stated, `{failure}`. */
  async finish() {
    if (this.failure !== null) return { failure: this.failure };
    if (this.inflater !== null && !this.inflater.ended) return { failure: "its deflated data end early" };
    if (BigInt(this.bytes) !== this.most) {
      return { failure: `they are ${this.bytes} bytes, where ${this.most} are stated` };
    }
    const whole = this.parts === null ? null : joinedAll(this.parts);
    const sha256 =
      whole === null ? this.sha256.digest() : hex(new Uint8Array(await crypto.subtle.digest("SHA-256", whole)));
    // Nothing is kept of a file that was larger than what the checks read.
    const text = this.kept ? whole : null;
    return { content: { bytes: this.bytes, sha256, crc: this.crc.digest(), text } };
  }
}
