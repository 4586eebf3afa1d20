// SSH signatures over a bundle, as `ssh-keygen -Y sign -n casefile` makes them (PROTOCOL.sshsig of OpenSSH,
// RFC 8332). Section 8 of the format.

/** Longest signature text that is looked at. */
const MAX_SIGNATURE = 64 * 1024;
// With the line ends that ssh-keygen wants.
const BEGIN_SIGNATURE = "-----BEGIN SSH SIGNATURE-----\n";
const END_SIGNATURE_TEXT = "\n-----END SSH SIGNATURE-----";
const WRONG = "the signature does not fit the bytes";

/** What an armoured SSH signature says about a message: the key's fingerprint, and who vouches for it where
 * `signers` are given. Throws Refused where it is no valid signature of these bytes. */
async function checkSshSignature(signature, message, signers) {
  const key = await verifiedKey(signature, message);
  const found = { key: fingerprint(key) };
  return signers === null ? found : { ...found, ...findSigner(signers, key) };
}

/** The key that made the signature. */
async function verifiedKey(text, message) {
  if (text.length > MAX_SIGNATURE) {
    throw new Refused(`the signature is longer than ${MAX_SIGNATURE} bytes, which no SSH signature is`);
  }
  if (!beginsWith(text, encode(BEGIN_SIGNATURE))) {
    throw new Refused(`it does not start with the line \`${trim(BEGIN_SIGNATURE)}\``);
  }
  const parts = signatureParts(dearmour(text, BEGIN_SIGNATURE, END_SIGNATURE_TEXT));
  if (parts === null) {
    throw new Refused("the signature is cut off, too long or not in the form of an SSH signature");
  }
  // The version is not among the signed bytes, so that only the one that exists may be let through.
  if (parts.version !== 1) throw new Refused(`the signature has the unknown version ${parts.version}`);
  if (!sameBytes(parts.namespace, encode(NAMESPACE))) {
    throw new Refused(`the signature was made for the namespace \`${lossy(parts.namespace)}\`, not \`${NAMESPACE}\``);
  }
  const hash = lossy(parts.hash);
  const known = { sha256: "SHA-256", sha512: "SHA-512" };
  if (!Object.hasOwn(known, hash)) throw new Refused(`the signature is over the unknown hash \`${hash}\``);
  const key = about("the key in the signature cannot be read", () => readKey(parts.key));
  if (!sameBytes(key.blob, parts.key)) throw new Refused("the key in the signature is malformed");
  const [signature, left] = about("the signature cannot be read", () => readSignature(parts.signature));
  if (left > 0) throw new Refused(`there are ${left} bytes after the signature proper`);
  const digest = new Uint8Array(await crypto.subtle.digest(known[hash], message));
  const signed = joined(encode("SSHSIG"), sshStrings(NAMESPACE, "", hash, digest));
  if (!(await fits(key, signed, signature))) throw new Refused(WRONG);
  return key;
}

/** What `read` returns; what it refuses is told with what it is about. */
function about(subject, read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(`${subject}: ${error.message}`);
  }
}

/** The parts of an SSH signature (PROTOCOL.sshsig, section 2), or null when one is missing or something is
 * left over. */
function signatureParts(bytes) {
  if (!beginsWith(bytes, encode("SSHSIG")) || bytes.length < 10) return null;
  let at = 10;
  const strings = [];
  for (let i = 0; i < 5; i++) {
    if (at + 4 > bytes.length) return null;
    const length = Number(bigNumber(bytes.subarray(at, at + 4)));
    if (at + 4 + length > bytes.length) return null;
    strings.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (at !== bytes.length) return null;
  // The third is reserved, and to be ignored.
  const [key, namespace, , hash, signature] = strings;
  return { version: Number(bigNumber(bytes.subarray(6, 10))), key, namespace, hash, signature };
}

/** Checks the signature proper. */
async function fits(key, signed, signature) {
  switch (key.type) {
    case "ssh-rsa":
      return checkRsa(key, signed, signature);
    case "ssh-ed25519": {
      // Strict: a key of small order would fit any message whatever (RFC 8032, section 8.9 and "Taming the
      // many EdDSAs", 2020). Honest signatures are never turned away.
      const point = edwardsPoint(key.point);
      if (point === null) throw new Refused("the key cannot be used: cryptographic error");
      if (signature.algorithm !== "ssh-ed25519" || isSmall(point)) return false;
      const r = edwardsPoint(signature.data.subarray(0, 32));
      if (r === null || isSmall(r)) return false;
      return checkEd25519(point, key.point, signed, signature.data);
    }
    case SK_ED25519: {
      const point = edwardsPoint(key.point);
      const { data } = signature;
      if (point === null || isSmall(point) || data.length !== 69) return false;
      return checkEd25519(point, key.point, tokenSigned(key, data.subarray(64), signed), data.subarray(0, 64));
    }
    case SK_ECDSA: {
      const { data } = signature;
      const trailer = data.subarray(-5);
      if (data.length < 5) return false;
      const scalars = scalarsOf(data.subarray(0, -5), 32);
      return scalars !== null && checkEcdsa(key.point, 32, tokenSigned(key, trailer, signed), ...scalars);
    }
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521": {
      const { algorithm } = signature;
      const size = EC_CURVES[CURVES[algorithm]] ? CURVES[algorithm] : null;
      if (size === null) throw new Refused(`signatures of the kind ${algorithm} cannot be checked for this key`);
      const scalars = scalarsOf(signature.data, size);
      return key.type === algorithm && scalars !== null && checkEcdsa(key.point, size, signed, ...scalars);
    }
    default:
      throw new Refused(`signatures by keys of the type ${key.type} cannot be checked`);
  }
}

/** What a security token signs: what it is used for, its flags and counter, and the message's digest. */
const tokenSigned = (key, flagsAndCounter, message) =>
  joined(fromHex(Sha256.of(encode(key.application))), flagsAndCounter, fromHex(Sha256.of(message)));

/** r and s without leading zeros, or null. What follows them was found to be nothing, or is not looked at. */
function scalarsOf(data, size) {
  try {
    const strings = new Strings(data);
    const scalars = [positive(strings.mpint()), positive(strings.mpint())];
    return scalars.every((one) => one !== null && one.length <= size) ? scalars : null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return null;
  }
}
