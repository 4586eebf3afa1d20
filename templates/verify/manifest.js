// Reads the three lists of digests by the format's grammar and holds each to the files.

/** Every file that is altered, missing or extra by this manifest, and every way in which the manifest
 * itself is not as the format demands. */
function checkManifest(manifest, contents) {
  const { file } = manifest;
  const text = contents.text(file);
  if (text === null) return Faults.of(contents.absence(file));
  const faults = new Faults();
  const listed = new Map();
  terminated(text).every((line, index) => {
    if (faults.full) return false;
    const place = `${file}:${index + 1}`;
    const parsed = parseLine(line, manifest.escapes);
    if (parsed === null) {
      faults.add(place, "is not a digest, two spaces and a path");
      return true;
    }
    const [path, sha256] = parsed;
    if (!covers(manifest, path)) {
      faults.add(place, `lists \`${path}\`, which this manifest does not cover`);
      return true;
    }
    if (listed.has(path)) faults.add(place, `lists \`${path}\` a second time`);
    listed.set(path, sha256);
    return true;
  });
  const inByteOrder = inOrder(listed);
  for (const [path, expected] of inByteOrder) {
    const found = contents.sha256(path);
    if (found === null) faults.push(contents.absence(path));
    else if (found !== expected) faults.add(path, `is altered: ${file} expects ${expected}, found ${found}`);
  }
  for (const path of contents.paths) {
    if (covers(manifest, path) && !listed.has(path)) faults.add(path, `is extra: ${file} does not list it`);
  }
  if (faults.none) faults.extend(difference(file, manifestText(manifest, inByteOrder), text));
  return faults;
}

/** Path and digest of a line, or null. */
function parseLine(line, percent) {
  const parts = splitOnce(line, "  ");
  if (parts === null || parts[0].length !== 64) return null;
  const sha256 = parseDigest(parts[0]);
  const path = percent ? unescapePath(parts[1]) : parts[1];
  return sha256 === null || path === null ? null : [path, sha256];
}

/** RFC 8493, 2.1.3: `%25`, `%0A` and `%0D` are the only escapes. */
function unescapePath(path) {
  const known = /%(25|0[Aa]|0[Dd])/g;
  if (path.replace(known, "").includes("%")) return null;
  return path.replace(known, (_, code) => String.fromCharCode(parseInt(code, 16)));
}
