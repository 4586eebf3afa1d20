// Verdicts as values, with the names and in the order of fields that the command prints.

const passed = (name, subject, detail) => ({ name, subject, outcome: "passed", detail });
const rebuilt = (name, subject, reasons) => ({ name, subject, outcome: "rebuilt", reasons });
const failed = (name, subject, reason) => ({ name, subject, outcome: "failed", reason });
/** Of what could not be checked; never counted as passed. */
const notChecked = (name, subject, reason) => ({ name, subject, outcome: "not-checked", reason });

/** The verdicts on one bundle, and what all of them come to. */
function verification(subject, sha256, root, checks) {
  const any = (outcome) => checks.some((check) => check.outcome === outcome);
  const verdict = any("failed") ? "failed" : any("rebuilt") ? "contents-intact" : "verified";
  return { subject, verdict, sha256, root, checks };
}
