// What an unpacking tool could be made to do by names alone.

/** The folder in which everything should stand: that of `bagit.txt`, or else of the first entry. */
function topFolder(names) {
  for (const name of names) {
    const parts = splitOnce(name, "/");
    if (parts !== null && parts[1] === DECLARATION_FILE) return parts[0];
  }
  const parts = names.length > 0 ? splitOnce(names[0], "/") : null;
  return parts === null ? null : parts[0];
}

/** Unsafe names, files that are also folders, names that stand outside the top folder, and names that
 * would overwrite each other on some file system. */
function checkNames(names, top) {
  const faults = new Faults();
  const seen = new Map();
  const taken = new Set(names.map((name) => name.toLowerCase()));
  for (const name of names) {
    const reason = pathFault(name);
    if (reason !== null) faults.add(name, `this name ${reason}`);
    if (top !== null && !name.startsWith(`${top}/`)) faults.add(name, `stands outside the folder \`${top}\``);
    const lower = name.toLowerCase();
    const folder = folders(lower).find((one) => taken.has(one));
    if (folder !== undefined) faults.add(name, `stands in a folder that is also a file, \`${folder}\``);
    const other = seen.get(lower);
    if (other === name) faults.add(name, "occurs more than once");
    else if (other !== undefined) faults.add(name, `differs from \`${other}\` in case only`);
    seen.set(lower, name);
  }
  return faults;
}

/** Files that the format does not know, given by their path in the top folder; among signatures and
 * timestamps those that are out of sequence. */
function unknownFiles(paths) {
  const faults = new Faults();
  for (const path of paths) {
    if (!isAttached(path) && !path.startsWith(PAYLOAD_FOLDER) && !TAG_FILES.includes(path)) {
      faults.add(path, "is extra: only the bag's own files may stand outside `data/`");
    }
  }
  for (const [folder, endings] of [
    [SIGNATURES_FOLDER, [".sig"]],
    [TIMESTAMPS_FOLDER, [".tsr", ".tsq", ".pem"]],
  ]) {
    const inside = paths.map((path) => withoutStart(path, folder)).filter((name) => name !== null);
    const first = endings[0];
    const count = inside.filter((name) => name.endsWith(first)).length;
    for (const name of inside) {
      const ending = endings.find((one) => name.endsWith(one));
      const text = ending === undefined ? "" : withoutEnd(name, ending);
      if (!/^[1-9][0-9]*$/.test(text) || BigInt(text) > BigInt(count)) {
        faults.add(`${folder}${name}`, `is out of sequence: files here are called 1${first}, 2${first}...`);
      }
    }
  }
  return faults;
}
