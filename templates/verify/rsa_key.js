// RSA signatures of SSH (RFC 8332), over SHA-2 only: RFC 8017, 8.2.2, computed here, because browsers differ
// in the keys that they take.

/** RSA keys with fewer bits are not believed (NIST SP 800-131A rev. 2, section 3). */
const RSA_MIN_BITS = 2048;
/** RSA keys with more bits are not computed with: OpenSSH stops at this size as well. */
const RSA_MAX_BITS = 16384;

/** What stands before a digest that is signed (RFC 8017, 9.2, note 1). */
const DIGEST_INFO = {
  "SHA-256": fromHex("3031300d060960864801650304020105000420"),
  "SHA-512": fromHex("3051300d060960864801650304020305000440"),
};

async function checkRsa(key, message, { algorithm, data }) {
  const bits = bitsOf(key.n);
  if (bits < RSA_MIN_BITS) throw new Refused(`the RSA key has ${bits} bits, at least ${RSA_MIN_BITS} are needed`);
  const unusable = (reason) => new Refused(`the key cannot be used: ${reason}`);
  const exponent = positive(key.e);
  if (exponent === null) throw unusable("cryptographic error");
  const [n, e] = [bigNumber(positive(key.n)), bigNumber(exponent)];
  if (bits > RSA_MAX_BITS) throw unusable("modulus too large");
  if (e > LARGEST_NUMBER) throw unusable("public exponent too large");
  if (e >= n || n % 2n === 0n) throw unusable("invalid modulus");
  if (e % 2n === 0n) throw unusable("invalid exponent");
  if (e < 2n) throw unusable("public exponent too small");
  if (e >= 1n << 33n) throw unusable("public exponent too large");
  const hash = RSA_SIGNATURES[algorithm];
  if (hash === undefined) throw new Refused(`a ${algorithm} signature does not belong to an RSA key`);
  const width = Math.ceil(bits / 8);
  const signature = bigNumber(data);
  const digest = new Uint8Array(await crypto.subtle.digest(hash, message));
  const info = joined(DIGEST_INFO[hash], digest);
  const expected = joined([0, 1], new Uint8Array(width - info.length - 3).fill(0xff), [0], info);
  // Some signers leave leading zero bytes out; OpenSSH puts them back, too.
  if (data.length > width || signature >= n) return false;
  return modularPower(signature, e, n) === bigNumber(expected);
}

/** The length of a number in bits; 0 for a negative one. */
function bitsOf(mpint) {
  const bytes = positive(mpint);
  return bytes === null || bytes.length === 0 ? 0 : bytes.length * 8 - (Math.clz32(bytes[0]) - 24);
}
