// Looks at a report as a browser shows it, in Debian's Chromium.
//
//   node page.js axe FILE light|dark WIDTH   accessibility: WCAG 2.2 A and AA, and axe's best practice
//   node page.js narrow FILE WIDTH           nothing lies beyond the right edge
//   node page.js requests FILE...            nothing is asked for but the file itself
//   node page.js plain FILE                  the page is whole without JavaScript, its own policy in force
//   node page.js links FILE                  every link within the page and to a file beside it leads somewhere
//
// Prints what it found, most useful last. Exit code 0: nothing to object to; 1: something.
'use strict';
const fs = require('fs');
const path = require('path');
const { pathToFileURL, fileURLToPath } = require('url');
const { chromium } = require('playwright-core');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const DESK = 1280;

/** Opens `file` in a fresh context; `settings` are playwright's. `requests` and `complaints` fill while it loads. */
async function open(browser, file, settings = {}, width = DESK) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...settings });
  const page = await context.newPage();
  const url = pathToFileURL(path.resolve(file)).href;
  const requests = [];
  const complaints = [];
  context.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url, { waitUntil: 'load' });
  return { page, requests, complaints };
}

/** Closed details hide their content from axe and take no room: nothing is judged until all are open. */
const unfold = (page) =>
  page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));

async function axe(browser, file, colorScheme, width) {
  const { page } = await open(browser, file, { bypassCSP: true, colorScheme }, Number(width));
  await unfold(page);
  await page.addScriptTag({ path: require.resolve('axe-core') });
  const result = await page.evaluate(
    (tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
    WCAG,
  );
  if (result.passes.length === 0) return ['axe found nothing that it could judge'];
  return result.violations.flatMap(({ id, impact, help, nodes }) => [
    ...nodes.slice(0, 5).map((node) => `${id} at ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`),
    `${id} (${impact}), ${nodes.length} times: ${help}`,
  ]);
}

async function narrow(browser, file, text) {
  const width = Number(text);
  const { page } = await open(browser, file, { bypassCSP: true }, width);
  const objections = [];
  for (const state of ['as loaded', 'with all details open']) {
    if (state !== 'as loaded') await unfold(page);
    const { wide, beyond } = await page.evaluate(() => {
      const limit = document.documentElement.clientWidth;
      const scrolls = (element) =>
        element && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
      const outside = [...document.body.querySelectorAll('*')].filter(
        (element) => element.getBoundingClientRect().right > limit + 1 && !scrolls(element.parentElement),
      );
      const name = (element) =>
        `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} ends at ${Math.round(element.getBoundingClientRect().right)} px: ${element.textContent.trim().slice(0, 60)}`;
      return { wide: document.scrollingElement.scrollWidth, beyond: outside.map(name) };
    });
    if (beyond.length) objections.push(...beyond.slice(0, 8), `${beyond.length} elements end beyond the edge ${state}`);
    if (wide > width) objections.push(`the page is ${wide} px wide ${state}, the window ${width} px`);
  }
  return objections;
}

async function requests(browser, ...files) {
  const objections = [];
  for (const file of files) {
    // The page's own policy would hide an attempt by stopping it.
    const { page, requests } = await open(browser, file, { bypassCSP: true });
    for (const media of [{ colorScheme: 'dark' }, { media: 'print' }, { media: 'screen' }]) await page.emulateMedia(media);
    await unfold(page);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForTimeout(200);
    // These do not show as requests: a name is looked up, a connection opened, or a page fetched later.
    const hints = await page.evaluate(() =>
      [...document.querySelectorAll('link[rel~=preconnect],link[rel~=dns-prefetch],link[rel~=prefetch],link[rel~=prerender],meta[http-equiv=refresh i],a[ping]')].map(
        (element) => element.outerHTML.slice(0, 200),
      ),
    );
    objections.push(...[...requests, ...hints].map((what) => `${path.basename(file)} asks for ${what}`));
    await page.context().close();
  }
  return files.length ? objections : ['no file was given'];
}

async function plain(browser, file) {
  const { page, requests, complaints } = await open(browser, file, { javaScriptEnabled: false });
  const seen = await page.evaluate(async () => {
    await document.fonts.ready;
    return {
      policy: document.querySelector('meta[http-equiv=Content-Security-Policy i]')?.content ?? '',
      title: document.querySelector('h1')?.getClientRects().length ?? 0,
      words: document.body.innerText.split(/\s+/).length,
      cells: document.querySelectorAll('table td').length,
      fonts: [...document.fonts].filter((font) => font.status === 'error').map((font) => font.family),
    };
  });
  const scripted = await open(browser, file, { bypassCSP: true });
  const words = await scripted.page.evaluate(() => document.body.innerText.split(/\s+/).length);
  const objections = [
    ...complaints,
    ...requests.map((url) => `asks for ${url}`),
    ...seen.fonts.map((family) => `the font ${family} did not load`),
  ];
  if (!/^default-src 'none';/.test(seen.policy)) objections.push(`the policy is not default-src 'none': ${seen.policy}`);
  if (/script-src|unsafe-eval|https?:|\*/.test(seen.policy)) objections.push(`the policy lets something in: ${seen.policy}`);
  if (!seen.title) objections.push('no h1 is shown');
  if (!seen.cells) objections.push('no table is shown');
  if (seen.words !== words) objections.push(`${seen.words} words without JavaScript, ${words} with it`);
  for (const width of [DESK, 320]) {
    await page.setViewportSize({ width, height: 900 });
    // A figure may hold a wide and a narrow drawing: a reader sees one.
    const drawings = await page.evaluate(() =>
      [...document.querySelectorAll('figure')]
        .map((figure) => [...figure.querySelectorAll('svg')])
        .filter((charts) => charts.length)
        .map((charts) => charts.filter((chart) => chart.getBoundingClientRect().height > 50).length),
    );
    const wrong = drawings.filter((shown) => shown !== 1).length;
    if (wrong || (!drawings.length && file.endsWith('report.html'))) objections.push(`${wrong} of ${drawings.length} figures do not show one chart at ${width} px`);
  }
  return objections;
}

async function links(browser, file) {
  const { page } = await open(browser, file, { bypassCSP: true });
  const { broken, near, count } = await page.evaluate(() => {
    const all = [...document.querySelectorAll('[href]')].map((element) => element.getAttribute('href'));
    const targets = (href) => document.getElementById(decodeURIComponent(href.slice(1)));
    return {
      broken: all.filter((href) => href.startsWith('#') && !targets(href)),
      near: all
        .filter((href) => !href.startsWith('#') && new URL(href, location).protocol === 'file:')
        .map((href) => new URL(href, location).href),
      count: all.length,
    };
  });
  const folder = path.resolve(path.dirname(file)) + path.sep;
  const lost = near.filter((url) => !fileURLToPath(url).startsWith(folder) || !fs.existsSync(fileURLToPath(url)));
  if (count === 0) return ['the page has no link'];
  return [...new Set([...broken, ...lost])].map((href) => `leads nowhere: ${href}`);
}

(async () => {
  const [task, ...rest] = process.argv.slice(2);
  const tasks = { axe, narrow, requests, plain, links };
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Chromium refuses to start its sandbox as root, which CI is.
    args: ['--no-sandbox'],
  });
  const objections = await tasks[task](browser, ...rest);
  await browser.close();
  objections.forEach((objection) => console.log(objection));
  process.exit(objections.length ? 1 : 0);
})().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
