// Compares the headers of an entry with what its name and data demand, and tells what only shows that
// another program packed the same files from what damages the container.

/** How a container differs from the one that its files determine, without harm: one line for each kind. */
class Differences {
  kinds = new Map();

  add(kind, subject, reason) {
    const known = this.kinds.get(kind);
    if (known) known.times += 1;
    else this.kinds.set(kind, { times: 1, first: fault(subject, reason) });
  }

  get none() {
    return this.kinds.size === 0;
  }

  reasons() {
    return [...this.kinds].map(([kind, { times, first }]) =>
      times === 1
        ? `${first.subject}: ${first.reason}`
        : `${kind} differs ${times} times, first in \`${first.subject}\`: ${first.reason}`,
    );
  }
}

/** Compares an entry with what the format determines; `result` is what its data are, if they were read. */
function judgeEntry(entry, result, shift, found) {
  const { central, local } = entry;
  const known = central ?? local;
  if (known === null) return;
  const put = (reason) => found.faults.add(entry.name, reason);
  if (decode(known.name) === null) put("its name is not UTF-8");
  if (entry.described === false) {
    put("no data descriptor that agrees with its central header follows its data");
  }
  // What the headers should say: the sum of the data, and the size on which a header agrees with itself.
  const telling = headersOf(entry).filter((header) => !isUntold(entry, header));
  const agreed = telling.find((header) => header.stored === header.size) ?? known;
  const sameCrc = telling.every((header) => header.crc === known.crc);
  const content = result?.content;
  if (result?.failure) put(`its data cannot be unpacked: ${result.failure}`);
  if (content && sameCrc && content.crc !== known.crc) {
    put(
      `its data were altered: expected CRC-32 ${hexNumber(known.crc, 8)}, found ${hexNumber(content.crc, 8)}`,
    );
  }
  const deflated = isDeflated(entry);
  const size = deflated ? known : agreed;
  const facts = {
    name: known.name,
    crc: content && !sameCrc ? content.crc : known.crc,
    stored: deflated ? known.stored : size.size,
    size: size.size,
    offset: takeFrom(entry.at, shift),
  };
  if (central !== null) {
    const differing = compareHeader(CENTRAL_FIELDS, centralHeader(facts), central, facts);
    grade("central header", entry, central, differing, facts, found);
    // Attributes that do not differ are those of a file.
    const ofAFile = differing.every((one) => one.field !== "external attributes");
    if (isFolder(entry) && ofAFile) put("is named like a folder, and its attributes make it a file");
  }
  if (local === null) {
    put(`its central header points to byte ${entry.at}, where no local header stands`);
    return;
  }
  if (!sameBytes(local.name, known.name)) {
    put(`its local header at byte ${local.at} calls it \`${lossy(local.name)}\``);
  }
  const differing = compareHeader(LOCAL_FIELDS, localHeader(facts), local, facts);
  grade("local header", entry, local, differing, facts, found);
  if (isFolder(entry)) found.differences.add("folder", entry.name, "is an entry for a folder");
}

/** Every field of a header that is not as expected, its extra field and the numbers in it included. */
function compareHeader(fields, [fixed, extra], header, facts) {
  const differing = compareFields(fields, fixed, header.fixed, header.at);
  const same = (field) => differing.every((one) => one.field !== field);
  for (const [field, expected, found] of [
    ["stored size", facts.stored, header.stored],
    ["size", facts.size, header.size],
    ["offset of the local header", facts.offset, header.offset],
  ]) {
    const standsThere = fields.some(([known]) => known === field);
    if (standsThere && expected !== found && same(field)) {
      const text = `${field} in its field of zip64: expected ${expected}, found ${found}`;
      differing.push({ field, found, text });
    }
  }
  if (!sameBytes(header.extra, extra) && same("length of the extra field")) {
    const text = "the extra field is not the one of zip64 that is expected";
    differing.push({ field: "extra field", found: 0n, text });
  }
  return differing;
}

/** Whether sum and sizes follow the data, so that this header does not tell them. */
const isUntold = (entry, header) => entry.described !== null && entry.local !== null && entry.local.at === header.at;

function grade(kind, entry, header, differing, facts, found) {
  for (const one of differing) {
    const reason = `${kind}: ${one.text}`;
    if (isHarmless(one, header, entry, facts)) {
      found.differences.add(one.field, entry.name, reason);
      continue;
    }
    const about = one.field.endsWith("extra field") ? header.extraFault : null;
    found.faults.add(entry.name, about === null ? reason : `${reason}: ${about}`);
  }
}

/** Whether a field may differ in a rebuilt container (section 10 of the format). */
function isHarmless(one, header, entry, facts) {
  const untold = isUntold(entry, header);
  const told = (resolved, expected) =>
    resolved === expected || (untold && (one.found === 0n || resolved === 0n));
  switch (one.field) {
    case "version needed":
    case "made by":
    case "time":
    case "date":
    case "internal attributes":
      return true;
    case "flags": {
      const known = FREE_FLAGS | DESCRIBED_LATER;
      const differ = (other) => ((other.flags ^ header.flags) & ~FREE_FLAGS) !== 0;
      return (header.flags & ~known) === 0 && !headersOf(entry).some(differ);
    }
    case "compression method":
      return headersOf(entry).every((other) => other.method === 8);
    case "CRC-32":
      return untold && one.found === 0n;
    case "stored size":
      return told(header.stored, facts.stored);
    case "size":
      return told(header.size, facts.size);
    case "length of the extra field":
    case "extra field":
      return header.extraFault === null;
    case "external attributes":
      return isPlain(Number(one.found), isFolder(entry));
    case "offset of the local header":
      return header.offset === entry.at;
    default:
      return false;
  }
}

/** Whether attributes leave a file a file and a folder a folder, in the upper half as Unix writes them,
 * in the lowest byte as DOS does (4.4.15): no link, device or label of a volume. */
function isPlain(attributes, folder) {
  const unix = (attributes >>> 16) & 0o170000;
  const dos = attributes & 0xff;
  if (folder) return (unix === 0 || unix === 0o040000) && (dos & 0x08) === 0;
  return (unix === 0 || unix === 0o100000) && (dos & 0x18) === 0;
}

/** Entries stand in byte order of the names, in the directory and before it. */
function judgeOrder(entries, differences) {
  for (let i = 1; i < entries.length; i++) {
    const [before, entry] = [entries[i - 1], entries[i]];
    if (entry.central === null) continue;
    if (byByte(entry.name, before.name) < 0) {
      const reason = `is listed after \`${before.name}\`, out of byte order`;
      differences.add("order of the directory", entry.name, reason);
    }
    if (entry.at < before.at) {
      const reason = `is stored before \`${before.name}\`, which is listed first`;
      differences.add("order of the entries", entry.name, reason);
    }
  }
}
