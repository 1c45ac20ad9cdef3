// axe (WCAG 2.2 AA and best practice) on the page that is open, in both themes and at 390 px, and no page wider than its window. Its source is run in the page itself: the
// builder that comes with it takes twice the time. Contrast is the slow part, and measured once for words that look alike.
import { readFileSync } from "node:fs";
import { resolve } from "./browser.mjs";

const SOURCE = readFileSync(resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
// What a theme can change, and what a width can.
const COLOURS = ["color-contrast", "link-in-text-block"];
// No page is moved sideways, from a desk to a telephone. The narrowest comes last: axe measures there.
const WIDTHS = [1280, 1024, 768, 390];
const NARROW = ["target-size", "scrollable-region-focusable"];

// In the browser, where nothing of this file is known. Words whose looks are in `known` are passed by: letters of the same size and
// colour, before the same grounds. Answers with what is found, and with the looks that are new.
const run = async ({ options, known }) => {
  const grounds = new Map([[null, ""]]);
  const ground = (el) => {
    if (!grounds.has(el)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(el);
      grounds.set(el, `${backgroundColor} ${backgroundImage} ${opacity} ${el.matches("[disabled], [aria-disabled]")}/${ground(el.parentElement)}`);
    }
    return grounds.get(el);
  };
  const looks = (el) => { const { color, fontSize, fontWeight } = getComputedStyle(el); return `${color} ${fontSize} ${fontWeight} on ${ground(el)}`; };
  const hasWords = (el) => el.matches("input, select, textarea") || [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const fresh = new Set(), on = new Set(), seen = new Set(known);
  for (const el of known ? document.body.querySelectorAll("*") : []) {
    if (!el.checkVisibility() || !hasWords(el) || seen.has(looks(el))) continue;
    fresh.add(looks(el));
    for (let up = el; up; up = up.parentElement) on.add(up);
  }
  const passedBy = (el) => (on.has(el) ? [...el.children].flatMap(passedBy) : [el]);
  const exclude = known ? passedBy(document.body) : [];
  const { violations } = await window.axe.run({ include: ["html"], exclude }, { resultTypes: ["violations"], ...options });
  const why = (node) => [...node.any, ...node.all, ...node.none][0]?.message;
  return { fresh: [...fresh], found: violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} (${why(node) ?? rule.help})`)) };
};

// A theme takes a frame to be drawn.
const wear = async (page, colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
};

// In the browser: how wide the page is, if it can be moved sideways, and what stands out of it. From its top: what lies behind the bars
// that stick there is no smaller for it.
const tooWide = () => {
  scrollTo(0, 0);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const out = [...document.body.querySelectorAll("*")].filter((el) => el.getBoundingClientRect().right > clientWidth + 1);
  return [`${scrollWidth} px wide, by ${out.slice(0, 3).map((el) => el.cloneNode().outerHTML.slice(0, 100)).join(" ")}`];
};

const only = (values) => ({ runOnly: { type: "rule", values }, preload: false });
const off = Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }]));
const known = { light: new Set(), dark: new Set() };
let pages = 0;

// What is found, with a word for where.
const lookAround = async (page) => {
  const found = [];
  const told = (how, list) => found.push(...list.map((text) => `${how}: ${text}`));
  await page.evaluate(SOURCE);
  // The style sheets are the same on every page: what is read in them is read once.
  told("1280 px", (await page.evaluate(run, { options: { runOnly: TAGS, rules: off, preload: pages++ === 0 } })).found);
  for (const theme of ["light", "dark"]) {
    await wear(page, theme);
    const seen = await page.evaluate(run, { options: only(COLOURS), known: [...known[theme]] });
    seen.fresh.forEach((looks) => known[theme].add(looks));
    told(theme, seen.found);
  }
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    told(`${width} px`, await page.evaluate(tooWide));
  }
  told("390 px", (await page.evaluate(run, { options: only(NARROW) })).found);
  return found;
};

// A revealed value leads away by itself after 30 seconds: it stays until it was looked at.
export const lookAt = async (page) => {
  const away = await page.evaluate(() => document.querySelector("[data-hide-to]")?.dataset.hideTo);
  const stay = (route) => route.fulfill({ status: 204 });
  if (away) await page.route(`**${away}`, stay);
  const found = await lookAround(page);
  if (away) await page.unroute(`**${away}`, stay);
  return found;
};
