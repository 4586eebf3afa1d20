// ECDSA on P-256 and P-384 (FIPS 186-5, 6.4), through WebCrypto, which takes whole points only.

const EC_CURVES = {
  32: {
    namedCurve: "P-256",
    hash: "SHA-256",
    p: (1n << 256n) - (1n << 224n) + (1n << 192n) + (1n << 96n) - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  48: {
    namedCurve: "P-384",
    hash: "SHA-384",
    p: (1n << 384n) - (1n << 128n) - (1n << 96n) + (1n << 32n) - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
};

/** A point with both coordinates (SEC 1, 2.3.4), or null where there is none. */
function wholePoint(point, size) {
  if (point[0] === 4) return point;
  if (point[0] !== 2 && point[0] !== 3) return null;
  const { p, b } = EC_CURVES[size];
  const x = bigNumber(point.subarray(1));
  if (x >= p) return null;
  const square = (x * x * x - 3n * x + b) % p;
  const positiveSquare = (square + p) % p;
  // Both p are 3 modulo 4.
  let y = modularPower(positiveSquare, (p + 1n) / 4n, p);
  if ((y * y) % p !== positiveSquare) return null;
  if (Number(y & 1n) !== (point[0] & 1)) y = p - y;
  return joined([4], bigEndian(x, size), bigEndian(y % p, size));
}

/** Whether r and s are the signature of `message` by the key. */
async function checkEcdsa(point, size, message, r, s) {
  const { namedCurve, hash } = EC_CURVES[size];
  const whole = wholePoint(point, size);
  if (whole === null) return false;
  const padded = [r, s].map((scalar) => joined(new Uint8Array(size - scalar.length), scalar));
  try {
    const key = await crypto.subtle.importKey("raw", whole, { name: "ECDSA", namedCurve }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash }, key, joined(...padded), message);
  } catch {
    // No point of the curve.
    return false;
  }
}
