// Uses verify.html as a reader does, in Debian's Chromium, and holds what it says to the command.
//
//   node browser.js same PAGE CASEFILE < CASES     each bundle's JSON is that of the command, byte for byte
//   node browser.js axe PAGE BUNDLE... SCHEME WIDTH accessibility of the page, empty and with each bundle
//   node browser.js shown PAGE CASEFILE BUNDLE BAD  what a reader sees of a good and a bad bundle, and saves
//   node browser.js large PAGE CASEFILE BUNDLE      the same JSON, and how long and how much memory it took
//
// CASES is a line a bundle: its path, and after tabs the verdict that it should have, a file of allowed
// signers and one of authorities; each may be empty. Prints what it found to object to. Nothing may be asked
// for but the page itself, and the browser may complain of nothing. Exit code 0: nothing; 1: something.
'use strict';
const fs = require('fs');
const path = require('path');
const { execFileSync, spawnSync } = require('child_process');
const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Control characters but LF and TAB, changes of writing direction, and some that cannot be seen. */
const ACTS = '[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]';
const PATIENCE = 900_000; // in ms: the page reads 2.4 GB in some four minutes
/** In kB: a file of 64 MiB is held for its digest, and joined from its pieces. */
const MOST_GROWN = 700_000;

class Reader {
  constructor(page, file) {
    this.page = page;
    this.objections = [];
    const own = pathToFileURL(path.resolve(file)).href;
    page.context().on('request', (request) => {
      // What is saved comes out of the page's own memory.
      if (request.url() !== own && !request.url().startsWith('blob:')) this.objections.push(`asks for ${request.url()}`);
    });
    page.on('console', (message) => this.objections.push(`the browser says: ${message.text()}`));
    page.on('pageerror', (error) => this.objections.push(`an error: ${error.message}`));
    page.setDefaultTimeout(PATIENCE);
  }

  static async open(browser, file, settings = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
    const reader = new Reader(await context.newPage(), file);
    await reader.page.goto(pathToFileURL(path.resolve(file)).href, { waitUntil: 'load' });
    return reader;
  }

  /** Chooses a bundle, and those whom to trust, and waits for the verdict. */
  async choose(bundle, signers = '', authorities = '') {
    for (const [id, file] of [['signers', signers], ['authorities', authorities]]) {
      if ((this[id] ?? '') === file) continue;
      await this.page.setInputFiles(`#${id}`, file === '' ? [] : file);
      this[id] = file;
      await this.settled();
    }
    await this.page.setInputFiles('#bundle', bundle);
    await this.settled();
  }

  async settled() {
    await this.page.waitForFunction(() => document.getElementById('reading').hidden);
  }

  /**
   * From now on, the page's saving is caught before it becomes a download: after some hundred downloads,
   * Chromium asks in a window of its own whether the page may, and waits for an answer.
   */
  async catchSaving() {
    await this.page.evaluate(() => {
      const address = URL.createObjectURL;
      URL.createObjectURL = (blob) => {
        globalThis.caught = blob;
        return address(blob);
      };
      HTMLAnchorElement.prototype.click = () => {};
    });
  }

  /** What the page would save, once its saving is caught. */
  async caught() {
    await this.page.evaluate(() => delete globalThis.caught);
    await this.page.click('#save');
    return this.page.evaluate(() => globalThis.caught.text());
  }

  /** What the page saves. */
  async json() {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.page.click('#save')]);
    return fs.readFileSync(await download.path(), 'utf8');
  }
}

/** What the command prints. */
function commanded(casefile, bundle, signers = '', authorities = '') {
  const options = ['verify', '--json', bundle];
  if (signers) options.push('--allowed-signers', signers);
  if (authorities) options.push('--authorities', authorities);
  const { stdout, stderr, status } = spawnSync(casefile, options, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status > 1) throw new Error(`casefile verify ${bundle}: ${stderr}`);
  return stdout;
}

/** The first checks that only one of both has. */
function unlike(bundle, ours, theirs) {
  const [page, command] = [JSON.parse(ours), JSON.parse(theirs)];
  const lines = (found) => found.checks.map((check) => JSON.stringify(check));
  const only = (one, other) => lines(one).filter((line) => !lines(other).includes(line)).slice(0, 3);
  return [
    `${path.basename(bundle)}: the page says ${page.verdict}, the command ${command.verdict}`,
    ...only(page, command).map((line) => `  only the page:    ${line.slice(0, 300)}`),
    ...only(command, page).map((line) => `  only the command: ${line.slice(0, 300)}`),
  ];
}

async function same(browser, file, casefile) {
  const reader = await Reader.open(browser, file);
  const cases = fs.readFileSync(0, 'utf8').split('\n').filter((line) => line !== '');
  const { objections } = reader;
  await reader.catchSaving();
  for (const line of cases) {
    const [bundle, verdict, signers, authorities] = line.split('\t');
    await reader.choose(bundle, signers, authorities);
    const ours = await reader.caught();
    const theirs = commanded(casefile, bundle, signers, authorities);
    if (ours !== theirs) objections.push(...unlike(bundle, ours, theirs));
    if (await reader.page.evaluate((acts) => new RegExp(acts, 'u').test(document.body.innerText), ACTS)) {
      objections.push(`${path.basename(bundle)}: the page shows characters that act`);
    }
    const said = JSON.parse(ours).verdict;
    if (verdict && said !== verdict) objections.push(`${path.basename(bundle)}: is ${said}, should be ${verdict}`);
  }
  if (cases.length === 0) objections.push('no bundle was given');
  return [...objections, ...(objections.length === 0 ? [] : [`of ${cases.length} bundles`])];
}

async function axe(browser, file, ...rest) {
  const [width, colorScheme, ...bundles] = rest.reverse();
  const reader = await Reader.open(browser, file, { bypassCSP: true, colorScheme, viewport: { width: Number(width), height: 900 } });
  const { page, objections } = reader;
  await page.addScriptTag({ path: require.resolve('axe-core') });
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  for (const bundle of ['', ...bundles]) {
    if (bundle) await reader.choose(bundle);
    const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), WCAG);
    if (result.passes.length === 0) objections.push('axe found nothing that it could judge');
    for (const { id, impact, help, nodes } of result.violations) {
      objections.push(`${path.basename(bundle) || 'empty'}: ${id} (${impact}) at ${nodes[0].target.join(' ')}: ${help}`);
    }
    const beyond = await page.evaluate(() => {
      const limit = document.documentElement.clientWidth;
      return [...document.body.querySelectorAll('*')]
        .filter((one) => one.getBoundingClientRect().right > limit + 1 && getComputedStyle(one).clipPath === 'none' && !one.closest('thead'))
        .map((one) => `${one.tagName.toLowerCase()}${one.id && `#${one.id}`}: ${one.textContent.trim().slice(0, 60)}`);
    });
    if (beyond.length) objections.push(`${path.basename(bundle) || 'empty'}: ends beyond the edge: ${beyond[0]}`);
  }
  return objections;
}

async function shown(browser, file, casefile, bundle, bad) {
  const reader = await Reader.open(browser, file);
  const { page, objections } = reader;
  const text = (id) => page.textContent(`#${id}`);
  const expect = (what, found, pattern) => pattern.test(found) || objections.push(`${what} is \`${found}\``);
  await reader.choose(bundle);
  expect('the verdict', await text('verdict'), /^Verified$/);
  expect('what has the focus', await page.evaluate(() => document.activeElement.id), /^verdict$/);
  const saved = await reader.json();
  if (saved !== commanded(casefile, bundle)) objections.push('what is saved is not what the command prints');
  const { root, sha256 } = JSON.parse(saved);
  for (const [typed, answer, meaning] of [
    [root.toUpperCase(), /^✓ It is the root/, /Its root is the one that you entered/],
    [root.replace(/..../g, '$& '), /^✓ It is the root/, /Its root is the one that you entered/],
    [sha256, /^✓ This is the SHA-256/, /the SHA-256 of the zip and not its root, and it is the same/],
    [root.replace(/^./, (c) => (c === '0' ? '1' : '0')), /^✗ The root of this bundle is another one/, /is not the one that you entered/],
    ['abc', /^This is no root/, /Now compare its root/],
    ['', /^$/, /Now compare its root/],
  ]) {
    await page.fill('#root', typed);
    expect(`of the root ${typed}, the answer`, await text('root-answer'), answer);
    expect(`of the root ${typed}, the meaning`, await text('meaning'), meaning);
  }
  await page.fill('#root', root);
  await reader.choose(bad);
  expect('the verdict on the bad one', await text('verdict'), /^Failed: (1 fault|\d+ faults)$/);
  expect('the answer to the root of the bad one', await text('root-answer'), /^✗|still the bundle has faults/);
  if (!(await page.isVisible('#faults li'))) objections.push('the faults are not shown');
  // Neither the address bar nor a dropped file may lead away from the page.
  await page.evaluate(() => dispatchEvent(new DragEvent('drop', { cancelable: true, dataTransfer: new DataTransfer() })));
  return objections;
}

async function large(browser, file, casefile, bundle) {
  const reader = await Reader.open(browser, file);
  const { objections } = reader;
  const memory = () => {
    // The process that holds most, in kB: that of the page.
    const all = execFileSync('ps', ['-ww', '-eo', 'rss,args'], { encoding: 'utf8' }).split('\n');
    return Math.max(0, ...all.filter((line) => line.includes('--type=renderer')).map((line) => parseInt(line, 10)));
  };
  const before = memory();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memory())), 500);
  const start = Date.now();
  await reader.choose(bundle);
  const seconds = (Date.now() - start) / 1000;
  clearInterval(watch);
  const ours = await reader.json();
  const size = fs.statSync(bundle).size;
  const megabytes = (kilobytes) => `${Math.round(kilobytes / 1000)} MB`;
  console.log(`${(size / 1e9).toFixed(2)} GB in ${seconds.toFixed(1)} s; the page grew by ${megabytes(most - before)} to ${megabytes(most)}`);
  if (most - before > MOST_GROWN) objections.push(`the page grew by more than ${megabytes(MOST_GROWN)}`);
  const theirs = commanded(casefile, bundle);
  if (ours !== theirs) objections.push(...unlike(bundle, ours, theirs));
  return objections;
}

(async () => {
  const [task, ...rest] = process.argv.slice(2);
  const tasks = { same, axe, shown, large };
  if (!tasks[task]) throw new Error(`no such task: ${task}`);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const objections = await tasks[task](browser, ...rest);
    console.log(objections.slice(0, 40).join('\n'));
    process.exitCode = objections.length === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.log(error.stack);
  process.exitCode = 1;
});
