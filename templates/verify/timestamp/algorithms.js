// The digests and signatures that can be checked, and no others.
//
// Digests and ECDSA are those of the browser (Web Cryptography). RSA is computed here: browsers differ in
// the sizes of keys that they take, and the page must not say of a timestamp what the command does not.

/** A digest that is still strong: its name in Web Cryptography, and what stands before it in a signature of
 *  RSA (RFC 8017, 9.2, note 1). By object identifier. */
const DIGEST_ALGORITHMS = {
  "608648016503040201": { name: "SHA-256", before: "3031300d060960864801650304020105000420" }, // 2.16.840.1.101.3.4.2.1
  "608648016503040202": { name: "SHA-384", before: "3041300d060960864801650304020205000430" },
  "608648016503040203": { name: "SHA-512", before: "3051300d060960864801650304020305000440" },
};

const DIGEST_SHA_256 = "608648016503040201";
const DIGEST_SHA_384 = "608648016503040202";
const DIGEST_SHA_512 = "608648016503040203";

/** RFC 8017, A.1 and A.2.4. */
const SIGNATURE_RSA = "2a864886f70d010101"; // 1.2.840.113549.1.1.1
/** RFC 5480, 2.1.1. */
const SIGNATURE_EC = "2a8648ce3d0201"; // 1.2.840.10045.2.1

/** Which key signs how, and with which digest. By object identifier. */
const SIGNATURE_ALGORITHMS = {
  // RFC 3370, 3.2: in CMS the key's own name stands for PKCS #1 v1.5 with the digest stated.
  [SIGNATURE_RSA]: { key: SIGNATURE_RSA, digest: null },
  "2a864886f70d01010b": { key: SIGNATURE_RSA, digest: DIGEST_SHA_256 }, // 1.2.840.113549.1.1.11
  "2a864886f70d01010c": { key: SIGNATURE_RSA, digest: DIGEST_SHA_384 },
  "2a864886f70d01010d": { key: SIGNATURE_RSA, digest: DIGEST_SHA_512 },
  // RFC 5758, 3.2.
  "2a8648ce3d040302": { key: SIGNATURE_EC, digest: DIGEST_SHA_256 }, // 1.2.840.10045.4.3.2
  "2a8648ce3d040303": { key: SIGNATURE_EC, digest: DIGEST_SHA_384 },
  "2a8648ce3d040304": { key: SIGNATURE_EC, digest: DIGEST_SHA_512 },
};

/** Sizes of RSA keys in bits: weaker ones have been given up, larger ones cost hours. */
const RSA_SMALLEST = 2048;
const RSA_LARGEST = 8192;
/** Largest public exponent. */
const RSA_LARGEST_EXPONENT = 2n ** 33n - 1n;

/** The curves (FIPS 186-5; SEC 2, 2.4.2 and 2.5.1) with a = -3: field, b, order, bytes of a number. By object
 *  identifier. */
const SIGNATURE_CURVES = {
  "2a8648ce3d030107": { // 1.2.840.10045.3.1.7
    name: "P-256",
    size: 32,
    field: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  "2b81040022": { // 1.3.132.0.34
    name: "P-384",
    size: 48,
    field: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
};

/** The digest that an AlgorithmIdentifier names, without parameters or with NULL (RFC 5754, 2), as
 *  `{ digest }` or `{ doubt }`. */
function digestNamed(algorithm) {
  const doubt = algorithmPlain(algorithm);
  if (doubt) return { doubt };
  if (DIGEST_ALGORITHMS[algorithm.oid]) return { digest: algorithm.oid };
  const name = derDotted(algorithm.oid);
  return { doubt: stampOpen(`the digest algorithm ${name} is not checked, only SHA-256, SHA-384 and SHA-512`) };
}

async function digestOf(digest, bytes) {
  return new Uint8Array(await crypto.subtle.digest(DIGEST_ALGORITHMS[digest].name, bytes));
}

/** Parameters would change what an algorithm does; those here have none. Null or a doubt. */
function algorithmPlain({ oid, parameters }) {
  const none = parameters === null || (parameters.tag === DER_NULL && parameters.bytes.length === 0);
  return none ? null : stampOpen(`the algorithm ${derDotted(oid)} has parameters, which are not understood`);
}

/** Checks the signature of `message`: null where it is right, else a doubt. `stated` is the digest that a
 *  CMS signer states beside its algorithm (RFC 5652, 5.3), or null; the algorithm of a certificate names its
 *  digest itself. */
async function signatureVerify(key, algorithm, stated, message, signature) {
  const doubt = algorithmPlain(algorithm);
  if (doubt) return doubt;
  const found = SIGNATURE_ALGORITHMS[algorithm.oid];
  if (!found) {
    return stampOpen(
      `the signature algorithm ${derDotted(algorithm.oid)} is not checked, only RSA PKCS #1 v1.5 and ECDSA with SHA-256, SHA-384 or SHA-512`,
    );
  }
  if (found.digest && stated && found.digest !== stated) {
    return stampOpen("digest and signature name different digests");
  }
  const digest = found.digest ?? stated;
  if (!digest) return stampOpen("the signature names no digest");
  if (key.key.unused !== 0) return stampWrong("the public key is no whole number of bytes");
  if (found.key !== key.algorithm.oid) return stampWrong("signature and public key are of different kinds");
  const verify = found.key === SIGNATURE_RSA ? rsaVerify : ecdsaVerify;
  return verify(key, digest, message, signature);
}

function signatureRight(right) {
  return right ? null : stampWrong("the signature is wrong");
}

/** RFC 8017, 8.2.2 and A.1.1. */
async function rsaVerify(key, digest, message, signature) {
  let modulus, exponent;
  try {
    const items = DerReader.ofSequence(key.key.bytes);
    [modulus, exponent] = [derLarge(items), derLarge(items)].map(signatureNumber);
    items.end();
  } catch (error) {
    if (error instanceof DerError) return stampWrong(`the RSA key cannot be read: ${error}`);
    throw error;
  }
  const bits = modulus === 0n ? 0 : modulus.toString(2).length;
  const refused = rsaRefused(modulus, exponent, bits);
  if (refused) return stampOpen(`the RSA key is not accepted: ${refused}`);
  const size = Math.ceil(bits / 8);
  const number = signatureNumber(signature);
  if (signature.length !== size || number >= modulus) return signatureRight(false);
  const { before } = DIGEST_ALGORITHMS[digest];
  const tail = `00${before}${derHex(await digestOf(digest, message))}`;
  // RFC 8017, 9.2: 0001, ff to the length of the key, 00, the digest with its algorithm.
  const expected = `01${"ff".repeat(size - 2 - tail.length / 2)}${tail}`;
  return signatureRight(rsaPower(number, exponent, modulus) === BigInt(`0x${expected}`));
}

/** Why a key is not used, or null. */
function rsaRefused(modulus, exponent, bits) {
  if (bits < RSA_SMALLEST) return `it has ${bits} bits, at least ${RSA_SMALLEST} are needed`;
  if (bits > RSA_LARGEST) return "modulus too large";
  if (exponent >= 2n ** 64n) return "public exponent too large";
  if (exponent >= modulus || modulus % 2n === 0n) return "invalid modulus";
  if (exponent % 2n === 0n) return "invalid exponent";
  if (exponent < 2n) return "public exponent too small";
  return exponent > RSA_LARGEST_EXPONENT ? "public exponent too large" : null;
}

/** `base` to the power of `exponent`, modulo `modulus`. Nothing here is secret. */
function rsaPower(base, exponent, modulus) {
  let [power, square] = [1n, base % modulus];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) power = (power * square) % modulus;
    square = (square * square) % modulus;
  }
  return power;
}

/** RFC 5480, 2.2: the key is a point. RFC 3279, 2.2.3: the signature is a SEQUENCE of r and s. */
async function ecdsaVerify(key, digest, message, signature) {
  const { parameters } = key.algorithm;
  // The named curve (RFC 5480, 2.1.1.1); no others may be used.
  const oid = parameters?.tag === DER_OID
    ? derAttempt(() => derWhole(parameters.bytes, (reader) => derOidContent(reader, parameters.bytes.length)))
    : null;
  if (oid === null) return stampOpen("the public key names no curve");
  const curve = SIGNATURE_CURVES[oid];
  if (!curve) return stampOpen(`the curve ${derDotted(oid)} is not checked, only P-256 and P-384`);
  const point = ecdsaPoint(curve, key.key.bytes);
  if (!point) return stampWrong("the public key is no point of its curve");
  const scalars = ecdsaScalars(curve, signature);
  if (!scalars) return signatureRight(false);
  const kind = { name: "ECDSA", namedCurve: curve.name };
  const imported = await crypto.subtle.importKey("raw", point, kind, false, ["verify"]);
  const how = { name: "ECDSA", hash: DIGEST_ALGORITHMS[digest].name };
  return signatureRight(await crypto.subtle.verify(how, imported, scalars, message));
}

/** The point (SEC 1, 2.3.4) with both coordinates, or null where it is none of the curve. */
function ecdsaPoint(curve, bytes) {
  const { field, size } = curve;
  const kind = bytes[0];
  if (kind < 2 || kind > 5 || bytes.length !== 1 + size * (kind === 4 ? 2 : 1)) return null;
  const x = signatureNumber(bytes.subarray(1, 1 + size));
  if (x >= field) return null;
  const square = (((x * x - 3n) * x + curve.b) % field + field) % field;
  let y;
  if (kind === 4) {
    y = signatureNumber(bytes.subarray(1 + size));
  } else {
    // Of both fields, a fourth part of what comes after them is whole: so is the root found.
    y = rsaPower(square, (field + 1n) / 4n, field);
    // 2: the even one; 3: the odd one; 5: the smaller one.
    const other = kind === 5 ? y > field - y : (y & 1n) !== BigInt(kind & 1);
    if (other) y = field - y;
  }
  if (y >= field || (y * y) % field !== square) return null;
  return Uint8Array.from([4, ...signatureBytes(x, size), ...signatureBytes(y, size)]);
}

/** r and s one after the other, each with leading zeros to the length of the field; null where they are none. */
function ecdsaScalars({ size, order }, signature) {
  return derAttempt(() => {
    const items = DerReader.ofSequence(signature);
    const both = [derLarge(items), derLarge(items)].map(signatureNumber);
    items.end();
    if (both.some((number) => number === 0n || number >= order)) return null;
    return Uint8Array.from(both.flatMap((number) => signatureBytes(number, size)));
  });
}

/** The number whose bytes are given, the highest first. */
function signatureNumber(bytes) {
  return bytes.length === 0 ? 0n : BigInt(`0x${derHex(bytes)}`);
}

function signatureBytes(number, size) {
  return derUnhex(number.toString(16).padStart(2 * size, "0"));
}
