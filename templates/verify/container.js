// Reads a zip without trusting it, and says of every byte that is not as the format demands to which entry
// or structure it belongs. No declared size is believed, and no byte can be part of two files.

/** What could be read: the digest of all bytes, names in the order of the central directory (repeated ones
 * included, folders left out), the files about whose bytes there is no doubt, the names of the others. */
async function readContainer(source, told) {
  const found = { faults: new Faults(), differences: new Differences() };
  const [walked, walkedTo] = await walk(source);
  const { records, start, shift } = await readDirectory(source, walkedTo, found);
  const entries = await pairHeaders(source, records, shift, start, walked, found.faults);
  tile(entries, start, found.faults);

  const limits = await readLimits(source, entries);
  const tasks = tasksOf(limits, entries, found);
  const [sha256, results] = await passOverAll(source, tasks, told);
  entries.forEach((entry, index) => judgeEntry(entry, results.get(index), shift, found));
  judgeOrder(entries, found.differences);
  checkFolders(entries, found);
  if (!found.differences.none) checkSizes(limits, entries, found);

  const container = { sha256, names: [], files: new Map(), unreadable: new Set(), found };
  entries.forEach((entry, index) => {
    if (!isFolder(entry)) putFile(container, entry.name, results.get(index)?.content);
  });
  return container;
}

function putFile({ names, files, unreadable }, name, content) {
  names.push(name);
  // Of two entries with one name nobody can say which one a tool would take.
  const twice = files.delete(name) || unreadable.has(name);
  if (content && !twice) files.set(name, content);
  else unreadable.add(name);
}

/** How large each file may be by the list, which is read first for it. */
async function readLimits(source, entries) {
  const top = topFolder(entries.map((entry) => entry.name));
  const limits = { prefix: top === null ? "" : `${top}/`, sizes: null };
  const name = `${limits.prefix}${LIST_FILE}`;
  const index = entries.findIndex((entry) => entry.name === name);
  const task = index < 0 ? null : taskOf(limits, index, entries[index]);
  if (task === null || task.size > BigInt(LONGEST_TEXT)) return limits;
  const { content } = await passOverOne(source, task);
  if (!content) return limits;
  const text = content.text ?? new Uint8Array(0);
  try {
    if (decode(text) === null) return limits;
    const list = parseJson(text, LIST);
    limits.sizes = new Map(list.files.map((file) => [`${PAYLOAD_FOLDER}${file.path}`, file.bytes]));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
  }
  return limits;
}

const pathOf = (limits, entry) => withoutStart(entry.name, limits.prefix);
/** The size that the list says. */
const listedSize = (limits, entry) => limits.sizes?.get(pathOf(limits, entry)) ?? null;

function taskOf(limits, index, entry) {
  if (entry.data === null) return null;
  const path = pathOf(limits, entry);
  return {
    index,
    data: entry.data,
    deflated: isDeflated(entry),
    size: sizeOf(entry),
    kept: path === null ? 0 : keptOf(path),
  };
}

/** The entries to read: all whose bytes are their own, except those that would inflate to more than they may. */
function tasksOf(limits, entries, found) {
  let seals = MOST_OF_SEALS;
  const tasks = [];
  entries.forEach((entry, index) => {
    const task = taskOf(limits, index, entry);
    if (task === null) return;
    // Of a file that is not listed, no more than of a text.
    const limit = listedSize(limits, entry) ?? BigInt(LONGEST_TEXT);
    if (task.deflated && task.size > limit) {
      found.faults.add(
        entry.name,
        `would inflate to ${task.size} bytes, where at most ${limit} are expected; it was not`,
      );
      return;
    }
    // Many signatures together could be large, and each is kept.
    const path = pathOf(limits, entry);
    if (path !== null && isAttached(path)) {
      seals = takeFrom(seals, task.size);
      if (seals === 0n) task.kept = 0;
    }
    tasks.push(task);
  });
  return tasks;
}

/** In a container that somebody rebuilt no file is larger than the list says. */
function checkSizes(limits, entries, found) {
  for (const entry of entries) {
    if (isDeflated(entry)) continue;
    const size = sizeOf(entry);
    const limit = listedSize(limits, entry);
    if (limit !== null && size > limit) found.faults.add(entry.name, `holds ${size} bytes; ${LIST_FILE} says ${limit}`);
  }
}

/** Each folder that has an entry is that of a file, and has one only. */
function checkFolders(entries, found) {
  const holding = new Set();
  for (const entry of entries) {
    if (isFolder(entry)) continue;
    // A name that ends in a slash and is no folder counts as what stands in itself, like any other.
    for (const folder of folders(entry.name)) holding.add(`${folder}/`);
  }
  const seen = new Set();
  for (const entry of entries) {
    if (!entry.name.endsWith("/")) continue;
    if (!isFolder(entry)) {
      found.faults.add(entry.name, "is named like a folder, but is none");
      continue;
    }
    const once = holding.has(entry.name) && !seen.has(entry.name);
    if (holding.has(entry.name)) seen.add(entry.name);
    if (!once) {
      found.faults.add(entry.name, "is an entry for a folder that holds no file, or that has one already");
    }
  }
  if (entries.every(isFolder)) found.faults.add(WHOLE, "holds no file");
}
