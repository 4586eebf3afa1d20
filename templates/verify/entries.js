// The entries of a zip: which bytes each claims.

/** The subject of what belongs to no entry. */
const WHOLE = "container";

const headersOf = (entry) => [entry.central, entry.local].filter((header) => header !== null);
/** The size that its headers agree on. */
const sizeOf = (entry) => headersOf(entry)[0]?.size ?? 0n;
const isDeflated = (entry) => headersOf(entry).some((header) => header.method === 8);
/** Whether this is an entry for a folder, which holds nothing. */
const isFolder = (entry) =>
  entry.name.endsWith("/") &&
  entry.data !== null &&
  headersOf(entry).every((header) => header.method === 0 && header.size === 0n && header.stored === 0n);

/** Puts each central header together with the local header that it points to, and adds the local headers
 * that nothing points to. The entries should end at `start`. */
async function pairHeaders(source, records, shift, start, walked, faults) {
  const locals = new Map(walked.map((local) => [local.at, local]));
  const starts = new Set(records.map((record) => addUpTo(record.offset, shift)));
  starts.add(start);
  const entries = [];
  const lost = new Map();
  // Many central headers may point to one place: what stands there is read once.
  const read = new Map();
  for (const record of records) {
    const at = addUpTo(record.offset, shift);
    let local = locals.get(at) ?? null;
    if (local === null) {
      if (!read.has(at)) read.set(at, await localAt(source, at));
      local = read.get(at);
      if (local && !beginsWith(local.fixed, LOCAL_SIGNATURE) && !sameBytes(local.name, record.name)) local = null;
    }
    if (local === null) lost.set(hex(record.name), entries.length);
    entries.push(await makeEntry(source, record, local, at, starts));
  }
  const unclaimed = [...locals].filter(([at]) => !starts.has(at));
  unclaimed.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [at, local] of unclaimed) {
    // A central header that points to nothing is taken for the one of the same name.
    const name = hex(local.name);
    if (lost.has(name)) {
      const index = lost.get(name);
      lost.delete(name);
      entries[index] = await makeEntry(source, entries[index].central, local, at, starts);
      continue;
    }
    const unlisted = await makeEntry(source, null, local, at, starts);
    // Without any directory that is one fault, already reported.
    if (records.length > 0) {
      faults.add(
        unlisted.name,
        `has a local header at byte ${at} that the central directory does not list`,
      );
    }
    entries.push(unlisted);
  }
  return entries;
}

async function makeEntry(source, central, local, at, starts) {
  const later = central !== null && describedLater(central) && local !== null && describedLater(local);
  const both = [central, local].filter((header) => header !== null);
  // What a data descriptor tells, the local header does not.
  const telling = [central, later ? null : local].filter((header) => header !== null);
  const first = telling[0] ?? null;
  const name = first?.name ?? new Uint8Array(0);
  const agreed = telling.every(
    (header) =>
      header.stored === first.stored &&
      header.size === first.size &&
      (header.method === 8 || header.size === header.stored),
  );
  const readable = both.every(
    (header) =>
      (header.flags & ENCRYPTED) === 0 &&
      (header.method === 0 || header.method === 8) &&
      sameBytes(header.name, name) &&
      first !== null &&
      header.method === first.method,
  );
  const unknown = central === null && local !== null && describedLater(local);
  const stored = telling.map((header) => header.stored).reduce((a, b) => atMost(a, b), LARGEST_NUMBER);
  const dataAt = local === null ? at : local.next;
  const end = local === null ? at : addUpTo(dataAt, telling.length > 0 ? stored : 0n);
  const descriptor = central !== null && later ? await descriptorAt(source, central, end, starts) : undefined;
  const whole = local !== null && agreed && readable && !unknown && end <= source.length;
  return {
    name: lossy(name),
    central,
    local,
    at,
    // The bytes that the entry claims, header, data and data descriptor.
    span: { from: at, to: addUpTo(end, descriptor ?? 0n) },
    // Its data, where both headers agree on them and no other entry claims them.
    data: whole && decode(name) !== null ? { from: dataAt, to: end } : null,
    // Whether sum and sizes follow the data where they should, and agree.
    described: descriptor === undefined ? null : descriptor !== null,
  };
}

/** The length of the data descriptor at `at`, if one stands there that agrees with the central header
 * (APPNOTE 4.3.9), signed or not, with sizes of four or eight bytes; else null. Where two forms would
 * agree, it is the one behind which something else starts. */
async function descriptorAt(source, central, at, starts) {
  const agreeing = [];
  const largest = central.stored > central.size ? central.stored : central.size;
  for (const signature of [DESCRIPTOR_SIGNATURE, []]) {
    for (const width of [4, 8]) {
      if (width === 4 && largest > 0xffffffffn) continue;
      const sizes = [central.stored, central.size].map((size) => littleEndian(size, 8).subarray(0, width));
      const expected = joined(signature, littleEndian(central.crc, 4), ...sizes);
      const found = await source.get(at, expected.length);
      if (found !== null && sameBytes(found, expected)) agreeing.push(BigInt(expected.length));
    }
  }
  return agreeing.find((length) => starts.has(addUpTo(at, length))) ?? agreeing[0] ?? null;
}

/** Names the bytes before `start`, where the entries should end, that no entry claims or that two do. */
function tile(entries, start, faults) {
  const order = entries.filter((entry) => entry.span.from < entry.span.to);
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  order.sort((a, b) => compare(a.span.from, b.span.from) || compare(a.span.to, b.span.to));
  let covered = 0n;
  let last = null;
  for (const entry of order) {
    let { from, to } = entry.span;
    if (to > start) {
      faults.add(entry.name, `its data would end at byte ${to}, but the entries end at ${start}`);
      entry.data = null;
      // Only its header is sure to be its own: what follows may be other entries.
      to = entry.local === null ? from : entry.local.next;
    }
    if (to > start) continue;
    if (from > covered) faults.add(WHOLE, `bytes ${covered} to ${from} belong to no entry`);
    if (last !== null && from < covered) {
      entry.data = null;
      last.data = null;
      faults.add(entry.name, `shares bytes ${from} to ${atMost(covered, to)} with \`${last.name}\``);
    }
    if (to > covered) {
      covered = to;
      last = entry;
    }
  }
  if (covered < start) faults.add(WHOLE, `bytes ${covered} to ${start} belong to no entry`);
}
