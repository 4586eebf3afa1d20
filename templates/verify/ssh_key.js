// Public keys and signatures in the form of SSH: RFC 4253, 6.6; RFC 5656; RFC 8332; RFC 8709; PROTOCOL.u2f.

const CURVES = { "ecdsa-sha2-nistp256": 32, "ecdsa-sha2-nistp384": 48, "ecdsa-sha2-nistp521": 66 };
const SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com";
const SK_ED25519 = "sk-ssh-ed25519@openssh.com";
const RSA_SIGNATURES = { "rsa-sha2-256": "SHA-256", "rsa-sha2-512": "SHA-512" };
const KEY_TYPES = ["ssh-dss", ...Object.keys(CURVES), "rsa-sha2-256", "rsa-sha2-512", "ssh-ed25519", "ssh-rsa", SK_ECDSA, SK_ED25519];
const LONGEST_LABEL = 48;

/** The name of an algorithm: one of those above, or one with an `@` that somebody else defined. */
function algorithmName(strings) {
  const name = strings.text(LONGEST_LABEL);
  const named = /^[\x00-\x3f\x41-\x7f]+@[\x00-\x3f\x41-\x7f]+$/.test(name);
  if (!KEY_TYPES.includes(name) && !named) throw new Refused(`invalid label: '${name}'`);
  return name;
}

function curveName(strings) {
  const name = strings.text(LONGEST_LABEL);
  if (!(`ecdsa-sha2-${name}` in CURVES)) throw new Refused(`invalid label: '${name}'`);
  return name;
}

/** A key taken apart, with `blob`, the one form in which it is written. */
function readKey(bytes) {
  const strings = new Strings(bytes);
  const type = algorithmName(strings);
  const key = readKeyOf(type, strings);
  strings.end();
  return key;
}

function readKeyOf(type, strings) {
  if (type === "ssh-rsa" || type in RSA_SIGNATURES) {
    const [e, n] = [strings.mpint(), strings.mpint()];
    return { type: "ssh-rsa", e, n, blob: sshStrings("ssh-rsa", e, n) };
  }
  if (type in CURVES) {
    const curve = curveName(strings);
    const point = strings.string(133);
    const size = sizeOfPoint(point);
    if (CURVES[`ecdsa-sha2-${curve}`] !== size || type !== `ecdsa-sha2-${curve}`) throw new Refused("unknown algorithm");
    return { type, point, blob: sshStrings(type, curve, point) };
  }
  if (type === "ssh-ed25519") {
    const point = ed25519Point(strings);
    return { type, point, blob: sshStrings(type, point) };
  }
  if (type === SK_ED25519) {
    const point = ed25519Point(strings);
    const application = strings.text();
    return { type, point, application, blob: sshStrings(type, point, application) };
  }
  if (type === SK_ECDSA) {
    if (curveName(strings) !== "nistp256") throw new Refused("cryptographic error");
    const point = strings.string(65);
    // Every form of a point with coordinates of 32 bytes.
    if ({ 0: 1, 2: 33, 3: 33, 4: 65, 5: 33 }[point[0]] !== point.length) throw new Refused(POINT_ENCODING);
    const application = strings.text();
    return { type, point, application, blob: sshStrings(type, "nistp256", point, application) };
  }
  const parts = type === "ssh-dss" ? [1, 2, 3, 4].map(() => strings.mpint()) : [strings.string()];
  return { type, blob: sshStrings(type, ...parts) };
}

const POINT_ENCODING = "ECDSA encoding error: elliptic curve point encoding error";

/** Bytes of a coordinate of a point of a curve (SEC 1, 2.3.3), whole or compressed. */
function sizeOfPoint(point) {
  if (point.length === 0) throw new Refused("length invalid");
  const tag = point[0];
  if (![0, 2, 3, 4, 5].includes(tag)) throw new Refused(POINT_ENCODING);
  if (tag === 0 || tag === 5) throw new Refused("unknown algorithm");
  const rest = point.length - 1;
  const size = tag === 4 ? Math.floor(rest / 2) : rest;
  if (![32, 48, 66].includes(size)) throw new Refused("length invalid");
  if (rest !== (tag === 4 ? 2 * size : size)) throw new Refused(POINT_ENCODING);
  return size;
}

/** 32 bytes; that the length before them says so is held to the blob. */
function ed25519Point(strings) {
  if (strings.length() < 32) throw new Refused("length invalid");
  return strings.raw(32);
}

/** Algorithm and bytes of a signature, and, of a security token, its flags and counter among them. */
function readSignature(bytes) {
  const strings = new Strings(bytes);
  const algorithm = algorithmName(strings);
  let data = strings.string();
  if (algorithm === SK_ED25519 || algorithm === SK_ECDSA) data = joined(data, strings.raw(1), strings.raw(4));
  const lengths = { "ssh-dss": 40, "ssh-ed25519": 64, [SK_ED25519]: 69 };
  if (algorithm in CURVES) checkScalars(data, CURVES[algorithm], 0);
  else if (algorithm === SK_ECDSA) checkScalars(data, 32, 5);
  else if (algorithm in lengths ? data.length !== lengths[algorithm] : algorithm === "ssh-rsa") {
    throw new Refused("length invalid");
  } else if (data.length === 0 && !(algorithm in RSA_SIGNATURES)) throw new Refused("length invalid");
  return [{ algorithm, data }, strings.left];
}

function checkScalars(data, size, trailer) {
  const strings = new Strings(data);
  for (let i = 0; i < 2; i++) {
    const bytes = positive(strings.mpint());
    if (bytes === null) throw new Refused("cryptographic error");
    if (bytes.length > size) throw new Refused("length invalid");
  }
  strings.raw(trailer);
  if (strings.left > 0) throw new Refused("length invalid");
}

/** SHA-256 fingerprint of a key, as `ssh-keygen -l` prints it. */
const fingerprint = (key) => `SHA256:${toBase64(fromHex(Sha256.of(key.blob))).replace(/=+$/, "")}`;

const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
