// From the signer's certificate to an authority that the verifier trusts: RFC 5280, 6.1.

/** Longest way from a signer to an authority, in certificates between them. */
const CHAIN_DEEPEST = 6;
/** Most signatures that are checked on the way: certificates that all bear one name, crossed with each
 *  other, would else keep a verifier busy for ever. */
const CHAIN_MOST_ATTEMPTS = 16;

/** The authorities that the verifier trusts to state the time, from certificates in PEM, or one in DER. Each
 *  must be an authority's own; every one that is not is named by its number, and then none is used. */
function parseAuthorities(pem) {
  const bytes = typeof pem === "string" ? new TextEncoder().encode(pem) : pem;
  // A DER SEQUENCE: no text begins with `0` and a length.
  const isDer = bytes[0] === DER_SEQUENCE && bytes.some((byte) => byte > 0x7f);
  const { certificates: ders, reason } = isDer ? { certificates: [bytes] } : stampCertificates(bytes);
  if (reason) return { errors: [reason] };
  const [authorities, errors] = [[], []];
  for (const [index, der] of ders.entries()) {
    const read = certificateRead(der);
    const bad = read.reason ?? certificateCertifies(read.certificate, 0);
    if (bad) errors.push(`certificate ${index + 1}: ${bad}`);
    else authorities.push(read.certificate);
  }
  return errors.length === 0 ? { authorities } : { errors };
}

/** The `anchor`, an authority that vouches for the signer over certificates of the pool, or a `doubt`. All
 *  must have been valid at the time stated. */
async function chainFind(signer, pool, authorities, seconds) {
  const search = { pool, authorities, seconds, attempts: 0, reasons: [] };
  const anchor = await chainAbove(search, signer, 0);
  if (anchor) return { anchor };
  const reasons = ["no given authority vouches for the signer", ...search.reasons.slice(0, 3)];
  return { doubt: stampOpen(reasons.join("; ")) };
}

/** The authority above a certificate that has `below` authorities below it, or null. */
async function chainAbove(search, certificate, below) {
  for (const anchor of search.authorities) {
    if (await chainVouches(search, anchor, certificate, below)) return anchor;
  }
  if (below === CHAIN_DEEPEST) return null;
  for (const between of search.pool) {
    // One that vouches for itself leads no further.
    if (x509SameName(between.subject, between.issuer)) continue;
    if (!(await chainVouches(search, between, certificate, below))) continue;
    const anchor = await chainAbove(search, between, below + 1);
    if (anchor) return anchor;
  }
  return null;
}

async function chainVouches(search, issuer, certificate, below) {
  if (search.attempts === CHAIN_MOST_ATTEMPTS || !x509SameName(issuer.subject, certificate.issuer)) return false;
  search.attempts += 1;
  const reason = await chainRefused(search.seconds, issuer, certificate, below);
  if (reason && !search.reasons.includes(reason)) search.reasons.push(reason);
  return !reason;
}

/** Why `issuer` does not vouch for a certificate, or null. */
async function chainRefused(seconds, issuer, certificate, below) {
  if (!certificateValidAt(issuer, seconds)) return `the certificate of ${issuer.name} was not valid at the time stated`;
  const unfit = certificateCertifies(issuer, below);
  if (unfit) return unfit;
  const doubt = await certificateSignedBy(certificate, issuer);
  return doubt && `${issuer.name} did not certify ${certificate.name}: ${doubt.reason}`;
}
