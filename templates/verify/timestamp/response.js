// What a reply and a request say: RFC 3161, 2.4.1 and 2.4.2, around a CMS (RFC 5652, 5.1).

/** RFC 5652, 5.1. */
const RESPONSE_SIGNED_DATA = "2a864886f70d010702"; // 1.2.840.113549.1.7.2
/** RFC 3161, 2.4.2: id-ct-TSTInfo. */
const RESPONSE_TST_INFO = "2a864886f70d0109100104"; // 1.2.840.113549.1.9.16.1.4

/** A refusal in words of its own, in the midst of reading. */
class ResponseRefused {
  constructor(reason) {
    this.reason = reason;
  }
}

/** What `read` returns, or `{ reason }`: what was refused, or `unreadable` with what is wrong in the DER. */
function responseAttempt(unreadable, read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof ResponseRefused) return { reason: error.reason };
    if (error instanceof DerError) return { reason: `${unreadable}: ${error}` };
    throw error;
  }
}

/** Reads a reply (TimeStampResp): `token` or `reason`. Nothing may follow it. Whether any of it is true is
 *  not yet known. */
function responseRead(response) {
  return responseAttempt("this is no time-stamp response", () => {
    if (response.length > STAMP_LARGEST) throw new ResponseRefused(`no reply is larger than ${STAMP_LARGEST} bytes`);
    return { token: responseToken(responseSignedData(responseGranted(response))) };
  });
}

/** The items of the ContentInfo, if the authority granted the request. */
function responseGranted(response) {
  const reply = DerReader.ofSequence(response);
  const info = reply.sequence();
  const status = derSmall(info);
  const text = info.optional(DER_SEQUENCE);
  info.optional(DER_BIT_STRING);
  info.end();
  const token = reply.isFinished ? null : reply.sequence();
  reply.end();
  const texts = new DerReader(text ?? new Uint8Array());
  const said = derList(texts, () => responseText(texts.next(DER_UTF8_STRING))).join("");
  // 0 granted, 1 grantedWithMods, 2 rejection, 3 waiting, 4 and 5 warnings of a revocation.
  if (status > 1) throw new ResponseRefused(`the authority did not grant the request: status ${status} ${said}`);
  if (!token) throw new ResponseRefused("the request was granted and the reply holds no time-stamp");
  return token;
}

function responseText(bytes) {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function responseSignedData(contentInfo) {
  const type = derOid(contentInfo);
  const content = contentInfo.next(derContext(0, true));
  contentInfo.end();
  if (type !== RESPONSE_SIGNED_DATA) throw new ResponseRefused("the reply holds no signed data of CMS");
  return DerReader.ofSequence(content);
}

/** SignedData: `info`, its DER as `content`, which is what is signed, the DER of `certificates` that came
 *  along, and the `signer`. */
function responseToken(data) {
  const version = derSmall(data);
  // RFC 5652, 5.1: 3 for content that is no plain data, 4 and 5 with further kinds of certificates.
  if (version < 3 || version > 5) throw new ResponseRefused(`its signed data have the version ${version}, not 3`);
  data.next(DER_SET);
  const encapsulated = data.sequence();
  const type = derOid(encapsulated);
  if (type !== RESPONSE_TST_INFO) throw new ResponseRefused(`the content is of the type ${derDotted(type)}, no time-stamp`);
  const explicit = new DerReader(encapsulated.next(derContext(0, true)));
  const content = explicit.next(DER_OCTET_STRING);
  explicit.end();
  encapsulated.end();
  const set = new DerReader(data.optional(derContext(0, true)) ?? new Uint8Array());
  const certificates = derList(set, () => set.raw());
  // Revocation lists: not read.
  data.optional(derContext(1, true));
  const signers = new DerReader(data.next(DER_SET));
  data.end();
  if (signers.isFinished) throw new ResponseRefused("nobody signed it");
  const { signer, refused } = responseSigner(signers.sequence());
  // RFC 3161, 2.4.2: no signature but that of the authority.
  if (!signers.isFinished) throw new ResponseRefused("it has more than one signature");
  if (refused) throw new ResponseRefused(refused);
  return { info: responseInfo(content), content, certificates, signer };
}

/** SignerInfo (RFC 5652, 5.3): `signer` or why it is `refused`. */
function responseSigner(items) {
  const version = derSmall(items);
  const subjectKey = items.optional(derContext(0, false));
  // Content of issuerAndSerialNumber.
  const id = subjectKey ? { subjectKey } : { issuer: items.next(DER_SEQUENCE) };
  // RFC 5652, 5.3: it follows from how the signer is named.
  const expected = subjectKey ? 3 : 1;
  if (version !== expected) return { refused: `its signature has the version ${version}, not ${expected}` };
  const digest = x509Algorithm(items);
  // Content of the SET: what is signed is the SET itself, not the `[0]` it is sent as (5.4).
  const attributes = items.optional(derContext(0, true));
  const algorithm = x509Algorithm(items);
  const signature = items.next(DER_OCTET_STRING);
  // Unsigned attributes prove nothing and are not read.
  items.optional(derContext(1, true));
  items.end();
  // RFC 5652, 5.3: they must be there for content that is no plain data.
  if (!attributes) return { refused: "it has no signed attributes" };
  return { signer: { id, digest, attributes, algorithm, signature } };
}

/** TSTInfo: what the authority states. */
function responseInfo(content) {
  const items = DerReader.ofSequence(content);
  const version = derSmall(items);
  if (version !== 1) throw new ResponseRefused(`its version is ${version}, not 1`);
  const policy = derOid(items);
  const imprint = imprintRead(items.sequence());
  items.next(DER_INTEGER);
  const written = items.next(DER_GENERALIZED_TIME);
  const time = responseTime(written);
  if (!time) throw new ResponseRefused(`its time cannot be read: \`${responseText(written)}\``);
  const tolerance = items.optional(DER_SEQUENCE);
  if (tolerance) {
    const accuracy = responseAccuracy(tolerance);
    if (accuracy === null) throw new ResponseRefused("its accuracy cannot be read");
    time.text += ` (± ${accuracy} s)`;
  }
  items.optional(DER_BOOLEAN);
  const nonce = responseNonce(items);
  items.optional(derContext(0, true));
  const extensions = items.optional(derContext(1, true));
  const criticalExtension = extensions !== null && responseIsCritical(extensions);
  items.end();
  return { policy, imprint, time, nonce, criticalExtension };
}

/** A nonce in hexadecimal digits, or null. */
function responseNonce(items) {
  const nonce = items.optional(DER_INTEGER);
  return nonce && derHex(nonce);
}

/** How far the true time may be from the one stated, in seconds (RFC 3161, 2.4.2: what is absent is 0); null
 *  where it cannot be read. */
function responseAccuracy(content) {
  let parts;
  try {
    const items = new DerReader(content);
    parts = [DER_INTEGER, derContext(0, false), derContext(1, false)].map((tag) => items.optional(tag));
    items.end();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
  const [seconds, ...thousandths] = parts.map((part) => (part === null ? 0 : responsePositive(part)));
  const unfair = (number, index) => number === null || (parts[index + 1] !== null && (number < 1 || number > 999));
  if (seconds === null || thousandths.some(unfair)) return null;
  const fraction = thousandths.map((number) => String(number).padStart(3, "0")).join("");
  return `${seconds}.${fraction}`.replace(/0+$/, "").replace(/\.$/, "");
}

/** The number that the content of an INTEGER is, from 0 to 2^31 - 1 and in its shortest form; else null. */
function responsePositive(content) {
  const [first, second] = content;
  const shortest = content.length > 0 && first < 0x80 && (content.length === 1 || first !== 0 || second >= 0x80);
  if (!shortest || content.length > 4) return null;
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Whether one of the extensions is critical. */
function responseIsCritical(extensions) {
  const found = derList(new DerReader(extensions), (items) => {
    const extension = items.sequence();
    derOid(extension);
    const critical = extension.optional(DER_BOOLEAN) !== null;
    extension.next(DER_OCTET_STRING);
    extension.end();
    return critical;
  });
  return found.includes(true);
}

function imprintRead(items) {
  const imprint = { algorithm: x509Algorithm(items), hash: items.next(DER_OCTET_STRING) };
  items.end();
  return imprint;
}

/** The `digest` of an imprint in hexadecimal digits, or the `reason` why it is none of SHA-256. */
function imprintSha256({ algorithm, hash }) {
  if (algorithm.oid !== DIGEST_SHA_256 || hash.length !== 32) {
    return { reason: `the digest is one of the algorithm ${derDotted(algorithm.oid)} and not SHA-256` };
  }
  return { digest: derHex(hash) };
}

/** `YYYYMMDDhhmmss[.s...]Z`; a fraction does not end in 0 (RFC 3161, 2.4.2). As ISO 8601 and in whole
 *  seconds since 1970; null where it is none. */
function responseTime(written) {
  const found = /^([0-9]{14})(\.[0-9]{0,17}[1-9])?Z$/.exec(responseText(written));
  const seconds = found && x509Seconds(found[1]);
  if (seconds === null) return null;
  const [year, month, day, hour, minute, second] = found[1].match(/^....|../g);
  return { text: `${year}-${month}-${day}T${hour}:${minute}:${second}${found[2] ?? ""}Z`, seconds };
}

/** Reads a request (TimeStampReq): what is `asked`, or the `reason`. */
function requestRead(request) {
  return responseAttempt("the request is no time-stamp request", () => {
    const items = DerReader.ofSequence(request);
    const version = derSmall(items);
    const imprint = imprintRead(items.sequence());
    const policy = items.isNext(DER_OID) ? derOid(items) : null;
    const nonce = responseNonce(items);
    items.optional(DER_BOOLEAN);
    items.optional(derContext(0, true));
    items.end();
    if (version !== 1) throw new ResponseRefused(`the request's version is ${version}, not 1`);
    return { asked: { imprint, policy, nonce } };
  });
}
