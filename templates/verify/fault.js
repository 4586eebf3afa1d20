// What is wrong, by the file or structure it belongs to.

const fault = (subject, reason) => ({ subject: subject === "" ? "entry without a name" : subject, reason });

/** The faults of one check; beyond MOST they are only counted. */
class Faults {
  static MOST = 100_000;
  list = [];
  more = 0;

  static of(...faults) {
    const made = new Faults();
    made.extend(faults);
    return made;
  }

  push(one) {
    if (this.list.length < Faults.MOST) this.list.push(one);
    else this.more += 1;
  }

  add(subject, reason) {
    this.push(fault(subject, reason));
  }

  extend(faults) {
    for (const one of faults) this.push(one);
  }

  /** Whether more faults would not be listed, so that a reader of lines can stop. */
  get full() {
    return this.more > 0;
  }

  get none() {
    return this.list.length === 0;
  }

  /** One passed check, or one failed check for each fault. */
  checks(name, subject, detail) {
    if (this.none) return [passed(name, subject, detail)];
    const checks = this.list.map((one) => failed(name, one.subject, one.reason));
    if (this.more > 0) {
      checks.push(failed(name, subject, `there are more faults than the ${Faults.MOST} that are listed`));
    }
    return checks;
  }
}
