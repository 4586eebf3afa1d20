// Finds and reads the headers of a zip, whatever they claim: every access is checked against the input.

/** The most entries that are read: as many folders as a bundle can have files, and these. */
const MOST_HEADERS = 2 * MOST_ENTRIES;
/** No path of a bundle comes near to it; more of a name is not kept. */
const LONGEST_NAME = 1024;

/** Whether sum and sizes follow the data (APPNOTE 4.3.9). */
const describedLater = (header) => (header.flags & DESCRIBED_LATER) !== 0;

/** The fields from `flagsAt` on, which both kinds of header have in the same order. */
function header(at, next, fixed, flagsAt, name, [size, stored, offset], extra) {
  return {
    at,
    next,
    fixed,
    name: name.slice(0, LONGEST_NAME),
    flags: small(fixed, flagsAt, 2),
    method: small(fixed, flagsAt + 2, 2),
    crc: small(fixed, flagsAt + 8, 4),
    stored,
    size,
    offset,
    extra: extra.kept,
    extraFault: extra.fault,
  };
}

/** A local header, signed or not; null where there is none. */
async function localAt(source, at) {
  const fixed = (await source.get(at, LOCAL_LENGTH))?.slice();
  if (!fixed) return null;
  const nameLength = small(fixed, 26, 2);
  const extraLength = small(fixed, 28, 2);
  const variable = await source.get(at + BigInt(LOCAL_LENGTH), nameLength + extraLength);
  if (!variable) return null;
  const extra = new Extra(variable.subarray(nameLength));
  // A local header has both sizes in the order size, stored size.
  const [size, stored] = extra.widen([number(fixed, 22, 4), number(fixed, 18, 4)]);
  const next = at + BigInt(LOCAL_LENGTH + nameLength + extraLength);
  return header(at, next, fixed, 6, variable.subarray(0, nameLength), [size, stored, at], extra);
}

/** The central headers in `region`, which starts at byte `base` of the file, and where they stop. */
function directoryHeaders(region, base) {
  const headers = [];
  const signatures = { region, next: 0 };
  let at = 0;
  while (headers.length < MOST_HEADERS) {
    const found = centralAt(region, at, base, signatures);
    if (!found) break;
    at = Number(found.next - base);
    headers.push(found);
  }
  return [headers, at];
}

/** The first signature at or after `from`, which never goes back: one sweep for all. */
function nextSignature(signatures, from) {
  if (signatures.next !== null && signatures.next < from) {
    const { region } = signatures;
    let at = from;
    while (at + 4 <= region.length && !isSigned(region, at)) at++;
    signatures.next = at + 4 <= region.length ? at : null;
  }
  return signatures.next;
}

const isSigned = (region, at) =>
  region[at] === 0x50 && region[at + 1] === 0x4b && region[at + 2] === 1 && region[at + 3] === 2;

/** One that declares a wrong length is held to end where the next one starts; a damaged signature is
 * bridged when the next header stands where it should. */
function centralAt(region, at, base, signatures) {
  if (at + CENTRAL_LENGTH > region.length) return null;
  const fixed = region.slice(at, at + CENTRAL_LENGTH);
  const nameAt = at + CENTRAL_LENGTH;
  let nameEnd = nameAt + small(fixed, 28, 2);
  let extraEnd = nameEnd + small(fixed, 30, 2);
  let next = extraEnd + small(fixed, 32, 2);
  // One whose signature is damaged is bridged, if the next one stands where it says.
  const starts = (place) => place === region.length || isSigned(region, place);
  const length = lengthAt(region, next);
  const fits = starts(next) || (length !== null && starts(next + length));
  if (!fits) {
    if (!isSigned(region, at)) return null;
    const following = nextSignature(signatures, nameAt);
    if (following !== null) nameEnd = extraEnd = next = following;
    else if (next > region.length) nameEnd = extraEnd = next = region.length;
  }
  const extra = new Extra(region.subarray(nameEnd, extraEnd));
  if (!fits) extra.fault = "no header stands where this one should end";
  const widened = extra.widen([number(fixed, 24, 4), number(fixed, 20, 4), number(fixed, 42, 4)]);
  const name = region.subarray(nameAt, nameEnd);
  return header(base + BigInt(at), base + BigInt(next), fixed, 8, name, widened, extra);
}

/** The length that the header at `at` of the region declares, with name, extra field and comment, or null. */
function lengthAt(region, at) {
  if (at + CENTRAL_LENGTH > region.length) return null;
  return [28, 30, 32].reduce((length, offset) => length + small(region, at + offset, 2), CENTRAL_LENGTH);
}

/** Whether a central header is signed and whole at `at`. */
async function isCentral(source, at) {
  return (await source.startsWith(at, CENTRAL_SIGNATURE)) && (await source.get(at, CENTRAL_LENGTH)) !== null;
}

/** The local headers that follow one another from byte 0, and where the data of the last end. A header
 * whose data would run past the end of the file is the last one, and its data do not count; so is one
 * whose sizes follow its data. */
async function walk(source) {
  const headers = [];
  let at = 0n;
  while (headers.length < MOST_HEADERS && (await source.startsWith(at, LOCAL_SIGNATURE))) {
    const found = await localAt(source, at);
    if (!found) break;
    const end = addUpTo(found.next, found.stored);
    headers.push(found);
    if (end > source.length) break;
    at = end;
    if (describedLater(found)) break;
  }
  return [headers, at];
}
