// What was added to a bundle after it was sealed: signatures and timestamps. Sections 8 and 9 of the format.

/** A root says nothing of files that it does not stand for, so of none that another check finds wrong. */
const STANDS_FOR = "it stands for every file but signatures and timestamps, if no other check failed";
/** Nobody has so many to sign or to ask, and each costs time. */
const MOST_SEALS = 100;

/** Each signature and each timestamp of the manifest of manifests. */
async function checkSeals(contents, known) {
  const signatures = {
    name: "signature",
    folder: SIGNATURES_FOLDER,
    ending: ".sig",
    none: "the bundle is not signed",
    asked: known.signers !== null,
    judge: judgeSignature,
  };
  const timestamps = {
    name: "timestamp",
    folder: TIMESTAMPS_FOLDER,
    ending: ".tsr",
    none: "the bundle has no timestamp",
    asked: known.authorities !== null,
    judge: judgeTimestamp,
  };
  return [...(await checkKind(signatures, contents, known)), ...(await checkKind(timestamps, contents, known))];
}

/** One kind of what was added. */
async function checkKind({ name, folder, ending, none, asked, judge }, contents, known) {
  const paths = contents.paths.filter((path) => path.startsWith(folder) && path.endsWith(ending));
  if (paths.length === 0) {
    // One that was taken away must show to whoever asks for it.
    return [asked ? failed(name, folder, none) : notChecked(name, folder, none)];
  }
  const message = contents.bytes(MANIFESTS.tags.file);
  const checks = [];
  for (const [index, path] of paths.entries()) {
    if (index >= MOST_SEALS) {
      checks.push(failed(name, path, `is one of more than ${MOST_SEALS}, and was not checked`));
    } else if (message === null) {
      checks.push(failed(name, path, "what it is about cannot be read"));
    } else {
      try {
        checks.push(await judge(name, contents, path, message, known));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        checks.push(failed(name, path, error.message));
      }
    }
  }
  return checks;
}

/** The bytes of a file that was added; null where there is no such file. */
function heldBytes(contents, path) {
  const bytes = contents.bytes(path);
  // Longer than what is kept for the checks, or not to be unpacked: not as if it were absent.
  if (bytes === null && contents.paths.includes(path)) throw new Refused(`${path} is too large or cannot be read`);
  return bytes;
}

async function judgeSignature(name, contents, path, message, known) {
  const signature = heldBytes(contents, path) ?? new Uint8Array(0);
  const { key, principal, reason } = await checkSshSignature(signature, message, known.signers);
  if (principal !== undefined) {
    return passed(name, path, `the root is signed by a key listed for ${principal} (${key}); ${STANDS_FOR}`);
  }
  if (reason !== undefined) return failed(name, path, `is by the key ${key}: ${reason}`);
  return notChecked(
    name,
    path,
    `is a signature of the root by the key ${key}; whose it is only allowed signers from elsewhere can say`,
  );
}

async function judgeTimestamp(name, contents, path, message, known) {
  const stem = withoutEnd(path, ".tsr");
  const reply = heldBytes(contents, path) ?? new Uint8Array(0);
  const request = heldBytes(contents, `${stem}.tsq`);
  const chain = heldBytes(contents, `${stem}.pem`);
  const found = await checkTimestamp(reply, request, chain, message, known.authorities);
  if (found.kind === "trusted") {
    const detail = `the root existed at ${found.time}, says ${found.authority}; ${STANDS_FOR}`;
    return passed(name, path, detail);
  }
  // Whoever names authorities asks for a time that one of them vouches for.
  if (found.kind === "not" || known.authorities !== null) return failed(name, path, found.reason);
  return notChecked(name, path, `states that the root existed at ${found.time}; ${found.reason}`);
}
