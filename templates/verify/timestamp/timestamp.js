// Checks a time-stamp (RFC 3161) of bytes: that they existed at a time which an authority states. What must
// hold, and where it is demanded, stands in the head of src/verify/timestamp.rs, of which these files are the
// counterpart, file by file: same order of checks, same outcomes, same words.
//
//   await checkTimestamp(reply, request, chain, signed, authorities)
//
//     reply        Uint8Array   the .tsr: a TimeStampResp
//     request      Uint8Array   the .tsq beside it, or null
//     chain        Uint8Array   the .pem beside it, certificates that the reply may lack, or null
//     signed       Uint8Array   the bytes that are stamped: tagmanifest-sha256.txt
//     authorities  what parseAuthorities gave, or null where nobody was named
//
//   { kind: "trusted", time, authority }      the bytes existed at this time: so says `authority`
//   { kind: "imprint-only", time, reason }    made out to these bytes; whether the time is true could not
//                                             be checked
//   { kind: "not", reason }                   no time-stamp of these bytes
//
//   parseAuthorities(pem)    Uint8Array or text, certificates in PEM, or one in DER
//
//   { authorities }          or, where one is not an authority's own, { errors: ["certificate 1: …"] }
//
// What seals.rs makes of these: see there. Times are ISO 8601 in UTC, with the fraction that the authority
// gave, and behind them the accuracy that it claims. Needs `crypto.subtle`, and nothing else of the browser. The files may stand in any order.

/** Replies have 1 to 10 KiB; a megabyte holds any number of sensible certificates. */
const STAMP_LARGEST = 1024 * 1024;
/** More certificates than any authority sends or needs. */
const STAMP_MOST_CERTIFICATES = 32;

/** A doubt: it is wrong, whoever trusts whom. */
function stampWrong(reason) {
  return { kind: "wrong", reason };
}

/** A doubt: it might be right; this cannot be checked with what was given. */
function stampOpen(reason) {
  return { kind: "open", reason };
}

async function checkTimestamp(reply, request, chain, signed, authorities) {
  const { token, reason } = await stampRead(reply, request, signed);
  if (reason !== undefined) return { kind: "not", reason };
  const { time } = token.info;
  const { authority, doubt } = await stampTrust(token, chain, authorities);
  if (!doubt) return { kind: "trusted", time: time.text, authority };
  if (doubt.kind === "open") return { kind: "imprint-only", time: time.text, reason: doubt.reason };
  return { kind: "not", reason: doubt.reason };
}

/** The `token`, if it is one of these bytes and answers the request, else the `reason`. */
async function stampRead(reply, request, signed) {
  const { token, reason } = responseRead(reply);
  if (reason !== undefined) return { reason };
  const expected = derHex(await digestOf(DIGEST_SHA_256, signed));
  const stamped = imprintSha256(token.info.imprint);
  if (stamped.reason) return stamped;
  if (stamped.digest !== expected) return { reason: "it is the time-stamp of other bytes: the digest in it is not theirs" };
  if (request === null) return { token };
  const { asked, reason: unread } = requestRead(request);
  if (unread !== undefined) return { reason: unread };
  const wanted = imprintSha256(asked.imprint);
  if (wanted.reason) return wanted;
  if (wanted.digest !== expected) return { reason: "the request beside it is one for other bytes" };
  if (asked.nonce !== token.info.nonce) return { reason: "it answers another request: the nonces differ" };
  if (asked.policy !== null && asked.policy !== token.info.policy) {
    return { reason: "it was issued under another policy than the request asks for" };
  }
  return { token };
}

/** Who vouches for the time: `authority` or `doubt`. */
async function stampTrust(token, chain, authorities) {
  const beside = chain === null ? { certificates: [] } : stampBeside(chain);
  if (beside.reason) return { doubt: stampWrong(`the certificates beside it cannot be read: ${beside.reason}`) };
  const pool = [];
  for (const der of [...token.certificates, ...beside.certificates]) {
    // One that cannot be read leads nowhere, and may belong to a purpose of its own.
    const { certificate } = certificateRead(der);
    if (certificate) pool.push(certificate);
    if (pool.length > STAMP_MOST_CERTIFICATES) {
      return { doubt: stampOpen(`there are more than ${STAMP_MOST_CERTIFICATES} certificates`) };
    }
  }
  const { signer, doubt } = cmsSigner(token, pool);
  if (doubt) return { doubt };
  // All that follows from the reply itself is checked, even when nobody is trusted.
  const unsigned = await cmsCheck(token, signer);
  if (unsigned) return { doubt: unsigned };
  const unfit = certificateStampsTime(signer);
  if (unfit) return { doubt: stampWrong(unfit) };
  const { seconds } = token.info.time;
  if (!certificateValidAt(signer, seconds)) {
    return { doubt: stampWrong(`the certificate of ${signer.name} was not valid at the time stated`) };
  }
  if (token.info.criticalExtension) {
    return { doubt: stampOpen("it has a critical extension, which is not understood") };
  }
  if (authorities === null) return { doubt: stampOpen("no certificate of a time-stamp authority was given") };
  const { anchor, doubt: unknown } = await chainFind(signer, pool, authorities, seconds);
  if (unknown) return { doubt: unknown };
  return { authority: `${signer.name} (certified by ${anchor.name})` };
}

/** The `certificates` of the file beside a reply, or the `reason`. Nothing signs this file, so nothing but
 *  certificates may stand in it, and each in one form. */
function stampBeside(pem) {
  const beside = stampCertificates(pem);
  if (beside.reason) return beside;
  const alone = new TextEncoder().encode(beside.certificates.map(pemWrite).join(""));
  if (alone.length !== pem.length || alone.some((byte, index) => byte !== pem[index])) {
    return { reason: "something else than certificates in lines of 64 characters stands in it" };
  }
  for (const [index, der] of beside.certificates.entries()) {
    const { reason } = certificateRead(der);
    if (reason) return { reason: `certificate ${index + 1}: ${reason}` };
  }
  return beside;
}

/** The `certificates` of a PEM file, in DER, or the `reason`. */
function stampCertificates(pem) {
  if (pem.length > STAMP_LARGEST) return { reason: `the file is larger than ${STAMP_LARGEST} bytes` };
  return pemRead(pem);
}
