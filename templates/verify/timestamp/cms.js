// The signature of a token: RFC 5652, 5.3 to 5.6, with the binding to one certificate.

/** RFC 5652, 11.1 and 11.2. */
const CMS_CONTENT_TYPE = "2a864886f70d010903"; // 1.2.840.113549.1.9.3
const CMS_MESSAGE_DIGEST = "2a864886f70d010904"; // 1.2.840.113549.1.9.4
/** RFC 2634, 5.4, and RFC 5035, 3. */
const CMS_SIGNING_CERTIFICATE = "2a864886f70d010910020c"; // 1.2.840.113549.1.9.16.2.12
const CMS_SIGNING_CERTIFICATE_V2 = "2a864886f70d010910022f"; // 1.2.840.113549.1.9.16.2.47

/** The certificate that the signer names: `signer` or `doubt`. */
function cmsSigner({ signer: { id } }, pool) {
  let found;
  if (id.subjectKey) {
    found = pool.find((certificate) => {
      const key = certificateSubjectKey(certificate);
      return key !== null && derSame(key, id.subjectKey);
    });
  } else {
    try {
      const items = new DerReader(id.issuer);
      const named = { issuer: items.name(), serial: x509Serial(items) };
      items.end();
      found = pool.find((certificate) => certificateIs(certificate, named));
    } catch (error) {
      if (error instanceof DerError) return { doubt: stampWrong(`its signer cannot be read: ${error}`) };
      throw error;
    }
  }
  return found ? { signer: found } : { doubt: stampOpen("the certificate of its signer is not at hand") };
}

/** Null where the holder of the certificate signed the token, else the doubt. */
async function cmsCheck({ signer, content }, certificate) {
  let attributes;
  try {
    attributes = cmsAttributes(signer.attributes);
  } catch (error) {
    if (error instanceof DerError) return stampWrong(`the signed attributes cannot be read: ${error}`);
    throw error;
  }
  // Each of these attributes stands there once, with one value (RFC 5652, 11.1, 11.2).
  const values = (oid) => attributes.filter((attribute) => attribute.oid === oid).map((attribute) => attribute.values);
  const once = (oid) => values(oid).length === 1 && values(oid)[0].length === 1;
  const value = (oid) => values(oid)[0]?.[0] ?? null;
  const twice = (oid) => values(oid).length > 0 && !once(oid)
    ? stampWrong(`the signed attribute ${derDotted(oid)} does not stand there once`)
    : null;

  let doubt = twice(CMS_CONTENT_TYPE);
  if (doubt) return doubt;
  const type = value(CMS_CONTENT_TYPE);
  if (type === null || derAttempt(() => derOid(new DerReader(type))) !== RESPONSE_TST_INFO) {
    return stampWrong("what is signed is no time-stamp");
  }
  const { digest, doubt: weak } = digestNamed(signer.digest);
  if (weak) return weak;
  doubt = twice(CMS_MESSAGE_DIGEST);
  if (doubt) return doubt;
  const stated = value(CMS_MESSAGE_DIGEST);
  const octets = stated && derAttempt(() => new DerReader(stated).next(DER_OCTET_STRING));
  if (!octets || !derSame(octets, await digestOf(digest, content))) {
    return stampWrong("the time-stamp was altered: its digest is not the one that was signed");
  }
  doubt = twice(CMS_SIGNING_CERTIFICATE_V2) ?? twice(CMS_SIGNING_CERTIFICATE);
  if (doubt) return doubt;
  const [first, second] = [value(CMS_SIGNING_CERTIFICATE), value(CMS_SIGNING_CERTIFICATE_V2)];
  if (!first && !second) return stampWrong("it does not say which certificate it was signed with");
  doubt = (first && (await cmsBound(first, false, certificate))) ?? (second && (await cmsBound(second, true, certificate)));
  if (doubt) return doubt;
  // RFC 5652, 5.4: with the tag of a SET instead of the one that it was sent with.
  const signed = derEncode(DER_SET, signer.attributes);
  doubt = await signatureVerify(certificate.key, signer.algorithm, digest, signed, signer.signature);
  return doubt?.kind === "wrong" ? stampWrong(`it was not signed by ${certificate.name}: ${doubt.reason}`) : doubt;
}

/** Signed attributes, each with its values as they stand. */
function cmsAttributes(content) {
  return derList(new DerReader(content), (items) => {
    const attribute = items.sequence();
    const oid = derOid(attribute);
    const set = new DerReader(attribute.next(DER_SET));
    attribute.end();
    return { oid, values: derList(set, () => set.raw()) };
  });
}

/** ESSCertID (RFC 2634, 5.4.1) or, `second`, ESSCertIDv2 (RFC 5035, 4): the first of the list is the
 *  signer's. */
function cmsNamed(der, second) {
  const list = DerReader.ofSequence(der).sequence();
  const first = list.sequence();
  const algorithm = second && first.isNext(DER_SEQUENCE) ? x509Algorithm(first) : null;
  const hash = first.next(DER_OCTET_STRING);
  const issuerSerial = first.optional(DER_SEQUENCE);
  first.end();
  return { algorithm, hash, issuerSerial };
}

/** Null where the certificate is the one that the signed attributes name, else the doubt: else it could be
 *  exchanged for another one of the same key. */
async function cmsBound(der, second, certificate) {
  let named;
  try {
    named = cmsNamed(der, second);
  } catch (error) {
    if (error instanceof DerError) return stampWrong(`the certificate that it names cannot be read: ${error}`);
    throw error;
  }
  let expected;
  if (!second) {
    // RFC 2634, 5.4.1: SHA-1. It only binds; whoever could find a second certificate with the same digest
    // would still have to get it issued by the authority.
    expected = new Uint8Array(await crypto.subtle.digest("SHA-1", certificate.der));
  } else {
    // RFC 5035, 4: SHA-256 when none is named.
    const { digest, doubt } = named.algorithm ? digestNamed(named.algorithm) : { digest: DIGEST_SHA_256 };
    if (doubt) return doubt;
    expected = await digestOf(digest, certificate.der);
  }
  const other = stampWrong("it names another certificate than the one it was signed with");
  if (!derSame(named.hash, expected)) return other;
  if (named.issuerSerial === null) return null;
  const issued = derAttempt(() => cmsIssued(named.issuerSerial));
  return issued && certificateIs(certificate, issued) ? null : other;
}

/** IssuerSerial (RFC 2634, 5.4.1): the issuer is one directoryName. */
function cmsIssued(content) {
  const items = new DerReader(content);
  const names = items.sequence();
  const directory = new DerReader(names.next(derContext(4, true)));
  names.end();
  const issuer = directory.name();
  directory.end();
  const serial = x509Serial(items);
  items.end();
  return { issuer, serial };
}
