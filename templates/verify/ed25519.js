// Ed25519 (RFC 8032): written here because browsers differ in whether and how strictly they check it. Only
// public numbers come in, so that time may tell what it likes.

const P_25519 = (1n << 255n) - 19n;
const ORDER_25519 = (1n << 252n) + 27742317777372353535851937790883648493n;
const mod25519 = (value) => ((value % P_25519) + P_25519) % P_25519;
const inverse25519 = (value) => modularPower(value, P_25519 - 2n, P_25519);
const D_25519 = mod25519(-121665n * inverse25519(121666n));
const ROOT_OF_MINUS_1 = modularPower(2n, (P_25519 - 1n) / 4n, P_25519);
const IDENTITY = [0n, 1n, 1n, 0n];

const littleNumber = (bytes) => bigNumber(bytes.slice().reverse());

/** The point in extended coordinates, or null where 32 bytes are none (5.1.3). */
function edwardsPoint(bytes) {
  const sign = bytes[31] >> 7;
  const y = mod25519(littleNumber(bytes) & ((1n << 255n) - 1n));
  const u = mod25519(y * y - 1n);
  const v = mod25519(D_25519 * y * y + 1n);
  let x = mod25519(u * inverse25519(v));
  const square = x;
  x = modularPower(x, (P_25519 + 3n) / 8n, P_25519);
  if (mod25519(x * x) !== square) x = mod25519(x * ROOT_OF_MINUS_1);
  if (mod25519(x * x) !== square) return null;
  if (Number(x & 1n) !== sign) x = mod25519(-x);
  return [x, y, 1n, mod25519(x * y)];
}

/** 5.1.4. */
function edwardsSum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod25519((y1 - x1) * (y2 - x2));
  const b = mod25519((y1 + x1) * (y2 + x2));
  const c = mod25519(2n * t1 * t2 * D_25519);
  const d = mod25519(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod25519(e * f), mod25519(g * h), mod25519(f * g), mod25519(e * h)];
}

function edwardsProduct(scalar, point) {
  let sum = IDENTITY;
  let power = point;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = edwardsSum(sum, power);
    power = edwardsSum(power, power);
  }
  return sum;
}

const isIdentity = ([x, y, z]) => x === 0n && y === z;
/** Whether the point has an order of at most 8: it would fit any message whatever. */
const isSmall = (point) => isIdentity(edwardsProduct(8n, point));

function edwardsBytes([x, y, z]) {
  const inverse = inverse25519(z);
  const out = bigEndian(mod25519(y * inverse), 32).reverse();
  if (mod25519(x * inverse) & 1n) out[31] |= 0x80;
  return out;
}

const BASE_25519 = edwardsPoint(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66)));

/** Whether 64 bytes are the signature of `message` by the key, a point given with its bytes (5.1.7, without
 * the cofactor, which is the stricter). */
async function checkEd25519(point, key, message, signature) {
  const [r, s] = [signature.subarray(0, 32), littleNumber(signature.subarray(32))];
  if (s >= ORDER_25519) return false;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", joined(r, key, message)));
  const k = littleNumber(hash) % ORDER_25519;
  const [x, y, z, t] = point;
  const minus = [mod25519(-x), y, z, mod25519(-t)];
  return sameBytes(edwardsBytes(edwardsSum(edwardsProduct(s, BASE_25519), edwardsProduct(k, minus))), r);
}
