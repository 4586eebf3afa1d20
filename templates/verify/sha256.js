// SHA-256 (FIPS 180-4) of bytes that come in pieces: WebCrypto digests only what is there as a whole.

/** The first bits of the fractional parts of the square (2) or cube (3) roots of the first primes. */
function rootBits(count, root) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    // 32 bits of fraction are 32 * root bits more under the root, in whole numbers.
    const under = BigInt(n) << BigInt(32 * root);
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(root) <= under) low = middle;
      else high = middle;
    }
    found.push(Number(low & 0xffffffffn) | 0);
  }
  return Int32Array.from(found);
}

const SHA256_START = rootBits(8, 2);
const SHA256_ROUND = rootBits(64, 3);

/** The functions of 4.1.2 that turn a word by three numbers of bits. */
const high = (x) => ((x >>> 6) | (x << 26)) ^ ((x >>> 11) | (x << 21)) ^ ((x >>> 25) | (x << 7));
const low = (x) => ((x >>> 2) | (x << 30)) ^ ((x >>> 13) | (x << 19)) ^ ((x >>> 22) | (x << 10));

class Sha256 {
  state = Int32Array.from(SHA256_START);
  words = new Int32Array(64);
  block = new Uint8Array(64);
  held = 0;
  length = 0;

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held > 0) {
      at = Math.min(64 - this.held, bytes.length);
      this.block.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return this;
      this.compress(this.block, 0, 1);
      this.held = 0;
    }
    const blocks = (bytes.length - at) >>> 6;
    this.compress(bytes, at, blocks);
    at += blocks * 64;
    this.block.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  compress(bytes, from, blocks) {
    const w = this.words;
    const k = SHA256_ROUND;
    const s = this.state;
    let [h0, h1, h2, h3, h4, h5, h6, h7] = s;
    for (let at = from, end = from + blocks * 64; at < end; at += 64) {
      for (let i = 0, p = at; i < 16; i++, p += 4) {
        w[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
      }
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        const one = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const two = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + one + w[i - 7] + two) | 0;
      }
      let a = h0, b = h1, c = h2, d = h3, e = h4, f = h5, g = h6, h = h7;
      // Eight rounds at a step, the names taking turns: nothing is moved from one to the next.
      for (let i = 0; i < 64; i += 8) {
        h = (h + high(e) + (g ^ (e & (f ^ g))) + k[i] + w[i]) | 0;
        d = (d + h) | 0;
        h = (h + low(a) + ((a & b) | (c & (a | b)))) | 0;
        g = (g + high(d) + (f ^ (d & (e ^ f))) + k[i + 1] + w[i + 1]) | 0;
        c = (c + g) | 0;
        g = (g + low(h) + ((h & a) | (b & (h | a)))) | 0;
        f = (f + high(c) + (e ^ (c & (d ^ e))) + k[i + 2] + w[i + 2]) | 0;
        b = (b + f) | 0;
        f = (f + low(g) + ((g & h) | (a & (g | h)))) | 0;
        e = (e + high(b) + (d ^ (b & (c ^ d))) + k[i + 3] + w[i + 3]) | 0;
        a = (a + e) | 0;
        e = (e + low(f) + ((f & g) | (h & (f | g)))) | 0;
        d = (d + high(a) + (c ^ (a & (b ^ c))) + k[i + 4] + w[i + 4]) | 0;
        h = (h + d) | 0;
        d = (d + low(e) + ((e & f) | (g & (e | f)))) | 0;
        c = (c + high(h) + (b ^ (h & (a ^ b))) + k[i + 5] + w[i + 5]) | 0;
        g = (g + c) | 0;
        c = (c + low(d) + ((d & e) | (f & (d | e)))) | 0;
        b = (b + high(g) + (a ^ (g & (h ^ a))) + k[i + 6] + w[i + 6]) | 0;
        f = (f + b) | 0;
        b = (b + low(c) + ((c & d) | (e & (c | d)))) | 0;
        a = (a + high(f) + (h ^ (f & (g ^ h))) + k[i + 7] + w[i + 7]) | 0;
        e = (e + a) | 0;
        a = (a + low(b) + ((b & c) | (d & (b | c)))) | 0;
      }
      h0 = (h0 + a) | 0;
      h1 = (h1 + b) | 0;
      h2 = (h2 + c) | 0;
      h3 = (h3 + d) | 0;
      h4 = (h4 + e) | 0;
      h5 = (h5 + f) | 0;
      h6 = (h6 + g) | 0;
      h7 = (h7 + h) | 0;
    }
    s[0] = h0;
    s[1] = h1;
    s[2] = h2;
    s[3] = h3;
    s[4] = h4;
    s[5] = h5;
    s[6] = h6;
    s[7] = h7;
  }

  /** The digest in hexadecimal digits. */
  digest() {
    const bits = BigInt(this.length) * 8n;
    const padding = new Uint8Array(((this.held < 56 ? 56 : 120) - this.held) + 8);
    padding[0] = 0x80;
    padding.set(littleEndian(bits, 8).reverse(), padding.length - 8);
    this.update(padding);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  static of(bytes) {
    return new Sha256().update(bytes).digest();
  }
}
