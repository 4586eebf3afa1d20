// Finds the central directory and the records that end the file.

const END = "end of central directory";
const DIRECTORY = "central directory";
/** The most bytes of a directory that are read: that of a bundle has at most 24 MiB. */
const LARGEST_DIRECTORY = 64n << 20n;

/** Reads the directory, or says that there is none; local headers were followed up to `walkedTo`. */
async function readDirectory(source, walkedTo, found) {
  const end = await findEnd(source, walkedTo, found.faults);
  const zip64 = end === null ? null : await zip64Before(source, end);
  if (end !== null && zip64 === null) await checkLocator(source, end, found.faults);
  const limit = zip64?.at ?? end;
  const place = await findDirectory(source, end, zip64, limit, walkedTo);
  if (place === null) {
    found.faults.add(DIRECTORY, "cannot be found; the entries are read from their local headers");
    const start = limit ?? source.length;
    await checkEnd(source, end, zip64, [], [start, start, 0n], found);
    return { records: [], start, shift: 0n };
  }
  const [start, shift] = place;
  const upTo = limit ?? source.length;
  const size = Number(atMost(takeFrom(upTo, start), LARGEST_DIRECTORY));
  const region = (await source.get(start, size))?.slice() ?? new Uint8Array(0);
  const [records, length] = directoryHeaders(region, start);
  const stop = start + BigInt(length);
  if (records.length === MOST_HEADERS) {
    found.faults.add(DIRECTORY, `lists more than ${MOST_HEADERS - 1} entries`);
  } else if (stop < upTo) {
    const what = (await source.startsWith(stop, ZIP64_SIGNATURE)) ? " (zip64)" : "";
    found.faults.add(DIRECTORY, `bytes ${stop} to ${upTo} hold no header of an entry${what}`);
  }
  await checkEnd(source, end, zip64, records, [start, upTo, shift], found);
  if (shift > 0n) {
    found.faults.add(WHOLE, `${shift} bytes stand before the zip, and its offsets do not count them`);
  }
  return { records, start, shift };
}

/** The end record: the last 22 bytes, or else the last place after the entries that is signed so. */
async function findEnd(source, walkedTo, faults) {
  const last = source.length < BigInt(END_LENGTH) ? null : source.length - BigInt(END_LENGTH);
  let found = null;
  if (last !== null) {
    found = (await source.startsWith(last, END_SIGNATURE))
      ? last
      : await source.findLast(walkedTo, last, END_SIGNATURE);
  }
  if (found === null) {
    faults.add(
      END,
      `is missing from the end of the ${source.length} bytes: the file is damaged, cut short, or no zip`,
    );
  } else if (found < last) {
    faults.add(END, `${last - found} bytes follow it, from byte ${found + BigInt(END_LENGTH)}`);
  }
  return found;
}

/** Some readers follow a locator wherever it leads, to a directory of other files: one that leads to no
 * record directly before it is a fault, also where it stands in what belongs to an entry. */
async function checkLocator(source, end, faults) {
  const at = takeFrom(end, BigInt(LOCATOR_LENGTH));
  if (await source.startsWith(at, LOCATOR_SIGNATURE)) {
    faults.add(END, `a zip64 locator stands before it at byte ${at}, and no zip64 record before that`);
  }
}

/** Where the central directory starts, and how many bytes stand before the zip that its offsets do not
 * count. */
async function findDirectory(source, end, zip64, limit, walkedTo) {
  const record = end === null ? null : ((await source.get(end, END_LENGTH))?.slice() ?? null);
  const declared = zip64?.start ?? (record && number(record, 16, 4));
  const length = zip64?.length ?? (record && number(record, 12, 4));
  const beforeEnd = length !== null && limit !== null && limit >= length ? limit - length : null;
  const inside = (at) => limit === null || at < limit;
  let start = null;
  for (const at of [declared, beforeEnd, walkedTo]) {
    if (at !== null && inside(at) && (await isCentral(source, at))) {
      start = at;
      break;
    }
  }
  // A damaged signature loses no directory whose place and length agree.
  if (start === null && declared !== null && beforeEnd === declared && inside(declared)) start = declared;
  if (start === null) return null;
  const shift = declared !== null && start >= declared ? start - declared : 0n;
  const first = (await source.get(start, CENTRAL_LENGTH))?.slice();
  if (!first) return null;
  const offset = number(first, 42, 4);
  const name = (await source.get(start + BigInt(CENTRAL_LENGTH), small(first, 28, 2)))?.slice() ?? null;
  const leads = async (at) => {
    const local = await localAt(source, at);
    return local !== null && name !== null && sameBytes(local.name, name);
  };
  const shifted = shift > 0n && !(await leads(offset)) && (await leads(addUpTo(offset, shift)));
  return [start, shifted ? shift : 0n];
}

/** The zip64 end record and its locator (APPNOTE 4.3.14, 4.3.15) where both stand directly before the
 * end record at `end`. */
async function zip64Before(source, end) {
  const locatorAt = end - BigInt(LOCATOR_LENGTH);
  const at = locatorAt - BigInt(ZIP64_LENGTH);
  if (at < 0n) return null;
  const locator = (await source.get(locatorAt, LOCATOR_LENGTH))?.slice();
  const record = (await source.get(at, ZIP64_LENGTH))?.slice();
  if (!locator || !record) return null;
  if (!beginsWith(locator, LOCATOR_SIGNATURE) || !beginsWith(record, ZIP64_SIGNATURE)) return null;
  return { at, record, locator, length: number(record, 40, 8), start: number(record, 48, 8) };
}

/** Whether both zip64 records say what is so, for a directory of `entries` at `start` and one disk. */
function zip64Agrees(zip64, entries, start) {
  const record = joined(
    ZIP64_SIGNATURE,
    littleEndian(44, 8),
    // Who made it, and the version needed, are free.
    zip64.record.subarray(12, 16),
    new Uint8Array(8),
    ...[entries, entries, takeFrom(zip64.at, start), start].map((value) => littleEndian(value, 8)),
  );
  const locator = joined(LOCATOR_SIGNATURE, new Uint8Array(4), littleEndian(zip64.at, 8), littleEndian(1, 4));
  return sameBytes(zip64.record, record) && sameBytes(zip64.locator, locator);
}

/** Who made the zip64 record, and the version needed, where they are not those of the format; or null. */
function zip64Versions(zip64, records) {
  const version = versionNeeded(records.some((header) => wideSizes(header).length > 0));
  const [madeBy, needed] = [12, 14].map((at) => small(zip64.record, at, 2));
  if (madeBy === version && needed === version) return null;
  return (
    `zip64 record at byte ${zip64.at}: expected made by and version needed ${version}, ` +
    `found ${madeBy} and ${needed}`
  );
}

/** Compares the end record with the directory, which holds `records` from `start` to `limit`. */
async function checkEnd(source, end, zip64, records, [start, limit, shift], found) {
  if (end === null) return;
  const record = (await source.get(end, END_LENGTH)) ?? new Uint8Array(0);
  const count = BigInt(records.length);
  const length = takeFrom(limit, start);
  const offset = takeFrom(start, shift);
  const large = needsZip64(length, offset);
  const expected = endRecord(atMost(count, 0xffffn), large ? FULL : saturate(length), saturate(offset));
  // In zip64 a full field refers to the larger record, and one that is not may say what is so.
  const elsewhere = (one) => {
    if (one.field === "entries" || one.field === "entries on this disk") return one.found === 0xffffn;
    if (one.field === "length of the directory") return one.found === FULL || one.found === length;
    return one.field === "offset of the directory" && one.found === FULL;
  };
  for (const one of compareFields(END_FIELDS, expected, record, end)) {
    if (zip64 === null || !elsewhere(one)) found.faults.add(END, one.text);
    else if (large) found.differences.add("zip64", END, one.text);
  }
  // Fields that are full say nothing without the larger records.
  if (zip64 === null) {
    if (large || count > BigInt(MOST_ENTRIES)) {
      found.faults.add(END, `${count} entries in ${source.length} bytes need zip64`);
    }
  } else if (large && zip64Agrees(zip64, count, start)) {
    const reason = zip64Versions(zip64, records);
    if (reason !== null) found.differences.add("zip64", END, reason);
  } else if (!zip64Agrees(zip64, count, start)) {
    found.faults.add(END, `the zip64 records at byte ${zip64.at} do not agree with it`);
  } else {
    found.differences.add("zip64", END, `zip64 records stand before it at byte ${zip64.at}`);
  }
}
