// The one pass over all bytes: what is hashed as the container is what is checked as its entries.

const PASS_PIECE = 256 << 10;
/** How much is read from the disk at once: many pieces. */
const READ_AHEAD = 16;

/** The digest of the whole input, and what became of each task, by its index. `told` hears how far it is. */
async function passOverAll(source, tasks, told) {
  const whole = new Sha256();
  const order = [...tasks];
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  order.sort((a, b) => compare(a.data.from, b.data.from) || compare(a.data.to, b.data.to));
  const done = new Map();
  let next = 0;
  let current = null;
  const advance = async () => {
    if (current !== null) done.set(current.task.index, await current.taker.finish());
    const task = order[next++];
    current = task ? { task, taker: new Taker(task.deflated, task.size, task.kept) } : null;
  };
  await advance();
  let at = 0n;
  const feed = async (piece) => {
    whole.update(piece);
    const end = at + BigInt(piece.length);
    while (current !== null && current.task.data.from < end) {
      const { from, to } = current.task.data;
      const start = from > at ? from - at : 0n;
      current.taker.take(piece.subarray(Number(start), Number(takeFrom(atMost(to, end), at))));
      if (to > end) break;
      await advance();
    }
    at = end;
  };
  const block = BigInt(PASS_PIECE * READ_AHEAD);
  while (at < source.length) {
    const bytes = await source.read(at, atMost(at + block, source.length));
    for (let from = 0; from < bytes.length; from += PASS_PIECE) {
      await feed(bytes.subarray(from, from + PASS_PIECE));
      await told(Number(at), Number(source.length));
    }
  }
  while (current !== null) await advance();
  return [whole.digest(), done];
}

/** What becomes of one task alone, before the pass. */
async function passOverOne(source, task) {
  const taker = new Taker(task.deflated, task.size, task.kept);
  const { to } = task.data;
  for (let at = task.data.from; at < to; at += BigInt(PASS_PIECE)) {
    taker.take(await source.read(at, atMost(at + BigInt(PASS_PIECE), to)));
  }
  return taker.finish();
}
