// One certificate and what it may be used for: RFC 5280, 4.

/** RFC 3161, 2.3: id-kp-timeStamping. */
const CERTIFICATE_TIME_STAMPING = "2b06010505070308"; // 1.3.6.1.5.5.7.3.8
/** RFC 5280, 4.2.1.12: anyExtendedKeyUsage. */
const CERTIFICATE_ANY_USAGE = "551d2500"; // 2.5.29.37.0

const CERTIFICATE_SUBJECT_KEY = "551d0e"; // 2.5.29.14
const CERTIFICATE_KEY_USAGE = "551d0f"; // 2.5.29.15
const CERTIFICATE_CONSTRAINTS = "551d13"; // 2.5.29.19
const CERTIFICATE_POLICIES = "551d20"; // 2.5.29.32
const CERTIFICATE_EXTENDED_USAGE = "551d25"; // 2.5.29.37

/** Extensions that may be critical: key usage, basic constraints and extended key usage are checked;
 *  policies limit nothing as long as none is demanded (RFC 5280, 6.1.1 (c)). */
const CERTIFICATE_UNDERSTOOD = [
  CERTIFICATE_KEY_USAGE,
  CERTIFICATE_CONSTRAINTS,
  CERTIFICATE_EXTENDED_USAGE,
  CERTIFICATE_POLICIES,
];

/** Bits of a key usage (RFC 5280, 4.2.1.3). */
const CERTIFICATE_SIGNS = 0b11; // digitalSignature, nonRepudiation
const CERTIFICATE_MORE = 0b1111100; // encipherment, agreement, signing of certificates and lists
const CERTIFICATE_CERTIFIES = 0b100000; // keyCertSign

/** The certificate in `der`, or `{ reason }`. */
function certificateRead(der) {
  let parsed;
  try {
    certificateModestNames(der);
    parsed = derWhole(der, x509Certificate);
  } catch (error) {
    if (error instanceof DerError) return { reason: `this is no certificate: ${error}` };
    throw error;
  }
  // RFC 5280, 4.1.1.2: else what is signed does not say how.
  if (!x509SameAlgorithm(parsed.algorithm, parsed.signed.algorithm)) {
    return { reason: "the two statements of its signature algorithm differ" };
  }
  // The part that its issuer signed, as it stands.
  const signedBytes = DerReader.ofSequence(der).raw();
  const { subject, issuer, serial, key, validity, extensions } = parsed.signed;
  const { algorithm, signature } = parsed;
  const name = x509NameText(subject);
  return { certificate: { der, signedBytes, name, subject, issuer, serial, key, validity, extensions, algorithm, signature } };
}

/** An error where the issuer's or the subject's name has too large a set; what else is wrong with a
 *  certificate is found when it is read. */
function certificateModestNames(der) {
  const signed = derAttempt(() => {
    const items = new DerReader(der).sequence().sequence();
    items.optional(derContext(0, true));
    items.next(DER_INTEGER);
    items.next(DER_SEQUENCE);
    return items;
  });
  if (!signed) return;
  signed.modestName();
  const validity = derAttempt(() => signed.next(DER_SEQUENCE));
  if (validity) signed.modestName();
}

/** Whether issuer and serial number name this one. */
function certificateIs(certificate, { issuer, serial }) {
  return x509SameName(certificate.issuer, issuer) && certificate.serial === serial;
}

function certificateSubjectKey(certificate) {
  const found = certificateExtension(certificate, CERTIFICATE_SUBJECT_KEY, derOctets);
  return found.extension ? found.extension.value : null;
}

/** `seconds` since 1970; both ends of the validity belong to it (RFC 5280, 4.1.2.5). */
function certificateValidAt({ validity }, seconds) {
  return validity.from <= seconds && seconds <= validity.until;
}

/** Null where `issuer` signed the certificate, else the doubt. */
async function certificateSignedBy(certificate, issuer) {
  const { unused, bytes } = certificate.signature;
  if (unused !== 0) return stampOpen("a signature is no whole number of bytes");
  return signatureVerify(issuer.key, certificate.algorithm, null, certificate.signedBytes, bytes);
}

/** Null where it is one of a time-stamp authority: for time-stamping and nothing else, said in a
 *  critical extension (RFC 3161, 2.3); else the reason. */
function certificateStampsTime(certificate) {
  const refused = (what) => `the certificate of ${certificate.name} ${what}`;
  const purposes = certificateExtendedUsage(certificate);
  if (purposes.reason) return purposes.reason;
  const { critical, value: uses } = purposes.extension ?? { critical: false, value: [] };
  if (!uses.includes(CERTIFICATE_TIME_STAMPING)) return refused("is not for time-stamping");
  if (uses.length > 1) return refused("is not for time-stamping alone");
  if (!critical) return refused("does not limit itself critically to time-stamping");
  // As openssl does: a key for something else as well is none of an authority.
  const usage = certificateUsage(certificate);
  if (usage.reason) return usage.reason;
  if (usage.extension) {
    const bits = usage.extension.value;
    if (!(bits & CERTIFICATE_SIGNS) || bits & CERTIFICATE_MORE) return refused("has a key for other uses than signing");
  }
  return certificateUnknown(certificate);
}

/** Null where it may certify the holder of one below which there are `below` further authorities, else
 *  the reason. */
function certificateCertifies(certificate, below) {
  const refused = (what) => `the certificate of ${certificate.name} ${what}`;
  const constraints = certificateExtension(certificate, CERTIFICATE_CONSTRAINTS, certificateConstraints);
  if (constraints.reason) return constraints.reason;
  if (!constraints.extension?.value.ca) return refused("is not that of an authority");
  const most = constraints.extension.value.most;
  if (most !== null && below > most) return refused("has more authorities below it than it allows");
  const usage = certificateUsage(certificate);
  if (usage.reason) return usage.reason;
  if (usage.extension && !(usage.extension.value & CERTIFICATE_CERTIFIES)) {
    return refused("is not for signing certificates");
  }
  const purposes = certificateExtendedUsage(certificate);
  if (purposes.reason) return purposes.reason;
  const uses = purposes.extension?.value;
  if (uses && !uses.includes(CERTIFICATE_TIME_STAMPING) && !uses.includes(CERTIFICATE_ANY_USAGE)) {
    return refused("is not for authorities of time-stamps");
  }
  return certificateUnknown(certificate);
}

/** A critical extension that is not understood makes a certificate useless (RFC 5280, 4.2). */
function certificateUnknown({ name, extensions }) {
  const unknown = extensions.find(({ oid, critical }) => critical && !CERTIFICATE_UNDERSTOOD.includes(oid));
  if (!unknown) return null;
  return `the certificate of ${name} has the critical extension ${derDotted(unknown.oid)}, which is not understood`;
}

/** `{ extension: { critical, value } }`, `{}` where there is none, or `{ reason }`; one that stands there
 *  twice is an error. */
function certificateExtension({ name, extensions }, oid, read) {
  const found = extensions.filter((extension) => extension.oid === oid);
  if (found.length === 0) return {};
  try {
    if (found.length > 1) throw new DerError("operation failed");
    return { extension: { critical: found[0].critical, value: derWhole(found[0].value, read) } };
  } catch (error) {
    if (error instanceof DerError) return { reason: `an extension of the certificate of ${name} cannot be read: ${error}` };
    throw error;
  }
}

/** Basic constraints; `most` is null where no number of authorities below is too large. */
function certificateConstraints(reader) {
  return derConstructed(reader, DER_SEQUENCE, (inside) => ({
    ca: derOptional(inside, DER_BOOLEAN, derBoolean) ?? false,
    most: inside.decode((field) => derOptional(field, DER_INTEGER, derSmall)),
  }));
}

/** The bits of a key usage, the first one lowest. */
function certificateUsage(certificate) {
  const content = (reader, length) => {
    const { position } = reader;
    const { unused, bytes } = derBits(reader, length);
    const size = bytes.length * 8 - unused;
    if (size > 16) throw new DerError("ASN.1 DER message is too long", position);
    let bits = 0;
    for (let i = 0; i < size; i++) bits |= ((bytes[i >> 3] >> (7 - (i & 7))) & 1) << i;
    return bits;
  };
  const read = (reader) => derItem(reader, DER_BIT_STRING, content);
  return certificateExtension(certificate, CERTIFICATE_KEY_USAGE, read);
}

function certificateExtendedUsage(certificate) {
  const purposes = (inside) => derList(inside, derOid);
  const read = (reader) => derConstructed(reader, DER_SEQUENCE, purposes);
  return certificateExtension(certificate, CERTIFICATE_EXTENDED_USAGE, read);
}
