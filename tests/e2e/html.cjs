// What must hold of each page in a browser. `node html.cjs CHROMIUM FOLDER`: reads FOLDER/*.html, writes pictures beside them.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { chromium } = require('playwright-core');
const axe = require('axe-core');

const [browserPath, folder] = process.argv.slice(2);
const LOOKS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 400, height: 800 } },
];
/** Milliseconds until something is painted, of a page with 10,000 places. */
const FIRST_PAINT = 1000;
/** Milliseconds that a filter may take over all cards. */
const FILTERED = 2000;
/** How often a page is opened to measure it: the least counts, since other work of the machine is not the page's. */
const TRIES = 3;

let failed = 0;
const hold = (what, truth, more = '') => {
  console.log(`e2e: ${truth ? 'ok' : 'FAILED'} ${what}${truth ? '' : ` ${more}`}`);
  if (!truth) failed += 1;
};

/** Opens a page and gives what it did that it must not. */
async function opened(browser, file, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { wrong.push('a dialog'); dialog.dismiss(); });
  page.on('request', (request) => { if (!request.url().endsWith(file)) wrong.push(`request: ${request.url()}`); });
  await page.goto(pathToFileURL(path.join(folder, file)).href);
  return { context, page, wrong };
}

/** Milliseconds until a page with many places is painted, and until a search has gone over all cards. */
async function measured(browser, name) {
  let [paint, filtered] = [Infinity, Infinity];
  const wrong = [];
  for (let tried = 0; tried < TRIES && (paint >= FIRST_PAINT || filtered >= FILTERED); tried += 1) {
    const own = await opened(browser, `${name}.html`, LOOKS[0]);
    const painted = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
    await own.page.waitForFunction(painted);
    paint = Math.min(paint, await own.page.evaluate(painted));
    filtered = Math.min(filtered, await own.page.evaluate(() => {
      const search = document.querySelector('.filters input');
      // One card alone has no filter.
      if (!search) return 0;
      const all = document.querySelectorAll('.card').length;
      const start = performance.now();
      return new Promise((resolve) => {
        const seen = new MutationObserver(() => requestAnimationFrame(() => {
          document.body.getBoundingClientRect();
          const shown = document.querySelectorAll('.card:not([hidden])').length;
          resolve(shown > 0 && shown < all ? performance.now() - start : Infinity);
        }));
        seen.observe(document.querySelector('.filters output'), { childList: true });
        search.value = 'module_7/';
        search.dispatchEvent(new Event('input'));
      });
    }));
    wrong.push(...own.wrong);
    await own.context.close();
  }
  hold(`${name}: first paint ${Math.round(paint)} ms`, paint < FIRST_PAINT);
  hold(`${name}: searched in ${Math.round(filtered)} ms`, filtered < FILTERED);
  hold(`${name}: nothing is loaded, refused or wrong`, wrong.length === 0, wrong.join('; '));
}

/** Judges a page in one look, folded and open, and takes a picture of both. */
async function judged(browser, name, look) {
  const { context, page, wrong } = await opened(browser, `${name}.html`, look);
  // What is not in sight is neither judged nor in a picture.
  await page.evaluate(() => {
    const own = document.styleSheets[0];
    own.insertRule('.card, .places li { content-visibility: visible !important }', own.cssRules.length);
  });
  for (const state of ['folded', 'open']) {
    if (state === 'open') {
      await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; }));
    }
    await page.evaluate(axe.source);
    const kinds = ['violations', 'incomplete'];
    const { violations, incomplete } = await page.evaluate((resultTypes) => axe.run({ resultTypes }), kinds);
    const example = ({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`;
    const said = violations.map(example).join('\n     ');
    hold(`${name} ${look.name} ${state}: axe has no violation`, violations.length === 0, said);
    for (const own of incomplete) console.log(`     axe cannot tell ${own.nodes.length} of ${example(own)}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    hold(`${name} ${look.name} ${state}: nothing is wider than the window`, wide <= 0, `${wide} px`);
    await page.screenshot({ path: path.join(folder, `${name}-${look.name}-${state}.png`), fullPage: true });
  }
  hold(`${name} ${look.name}: nothing is loaded, refused or wrong`, wrong.length === 0, wrong.join('; '));
  await context.close();
}

/** Filters, keys of the keyboard, paper, and a browser without script. */
async function used(browser) {
  const { context, page } = await opened(browser, 'history.html', LOOKS[0]);
  const shown = () => page.locator('.card:visible').count();
  const all = await shown();
  await page.keyboard.press('Tab');
  hold('the first key leads to the link over the head', await page.evaluate(() => document.activeElement.className === 'skip'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  hold('and it leads to the report', await page.evaluate(() => document.activeElement.closest('main') !== null));
  await page.getByLabel('Action').selectOption('rotate');
  const some = await shown();
  const told = await page.locator('.filters output').textContent();
  hold('a filter leaves the cards that fit', some > 0 && some < all && told === `${some} of ${all} shown`, `${some} ${told}`);
  await page.getByRole('button', { name: 'Clear' }).click();
  hold('and they come back', (await shown()) === all);
  await page.getByLabel('Text').fill('charge_customer');
  await page.waitForFunction(() => document.querySelector('.filters output').textContent.includes(' of '));
  hold('a search finds a path', (await shown()) === 1);
  await page.getByRole('button', { name: 'Clear' }).click();
  const links = await page.locator('.timeline a').evaluateAll((own) => own.map((link) => link.href));
  const form = /^https:\/\/github\.com\/example\/app\/(commit\/[0-9a-f]{40}|blob\/[0-9a-f]{40}\/.+#L\d+)$/;
  hold(`${links.length} places are linked to the forge`, links.length > 0 && links.every((link) => form.test(link)), links.join(' '));
  await page.emulateMedia({ media: 'print' });
  hold('paper has no controls', !(await page.locator('.filters').isVisible()));
  const unseen = await page.locator('.places li').evaluateAll((own) => own.filter((place) => place.getBoundingClientRect().height === 0).length);
  hold('paper has what is folded', unseen === 0, `${unseen} places`);
  await page.pdf({ path: path.join(folder, 'history.pdf') });
  await context.close();

  const bare = await opened(browser, 'history.html', { ...LOOKS[0], javaScriptEnabled: false });
  const fold = bare.page.locator('.places summary').first();
  await fold.click();
  const opens = await bare.page.locator('.places li').first().isVisible();
  hold('without script folds open, and no controls are shown', opens && !(await bare.page.locator('.filters').isVisible()));
  await bare.context.close();
}

(async () => {
  // As root, as a gate in a container runs, there is no sandbox; the pages are our own.
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  const names = fs.readdirSync(folder).filter((file) => file.endsWith('.html')).map((file) => file.slice(0, -5));
  for (const name of names) {
    if (name.startsWith('many-')) await measured(browser, name);
    else for (const look of LOOKS) await judged(browser, name, look);
  }
  await used(browser);
  await browser.close();
  process.exitCode = failed ? 1 : 0;
})();
