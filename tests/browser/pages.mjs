// Every GET route of the table, as each role that may come in, and the states of scenes.mjs, are looked at by axe in both themes
// (WCAG 2.2 AA and best practice), at 390 px for what does not fit, and at the browser's console for what a page complains of.
// Prints as JSON how many pages were looked at; anything found is an error that names page, rule and element.
import { AxeBuilder, face, launch, person } from "./browser.mjs";
import { bareScenes } from "./bare.mjs";
import { House } from "./house.mjs";
import { furnish } from "./places.mjs";
import { ofStates, ofTable, refusedForms } from "./scenes.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
// What the colours of a theme can change; the rest was looked at by day.
const COLOURS = ["color-contrast", "link-in-text-block"];
const found = [];
const faces = new Set();
let looked = 0;

// There is one frame: legacy mode saves axe a page of its own. A theme takes a frame to be drawn.
const axe = (page) => new AxeBuilder({ page }).setLegacyMode(true);
const wear = async (page, colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
};

const told = (where, results) => results.violations.flatMap((rule) => rule.nodes.map((node) => `${where}: ${rule.id}: ${node.html.slice(0, 160)} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? rule.help})`));

const look = async (scene, page) => {
  const where = `${scene.name} as ${scene.who}`;
  await page.setViewportSize({ width: 1280, height: 800 });
  await wear(page, "light");
  await scene.go(page);
  const same = `${scene.name} ${await face(page)}`;
  if (faces.has(same)) return;
  faces.add(same);
  found.push(...told(`${where}, light`, await axe(page).withTags(TAGS).analyze()));
  await wear(page, "dark");
  found.push(...told(`${where}, dark`, await axe(page).withRules(COLOURS).analyze()));
  await page.setViewportSize({ width: 390, height: 844 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > 390) found.push(`${where}: ${width} px wide at 390 px`);
  found.push(...told(`${where}, 390 px`, await axe(page).withRules(["target-size", "scrollable-region-focusable"]).analyze()));
  looked += 1;
};

const browser = await launch();
const house = await House.build();
try {
  const people = {};
  for (const who of ["admin", "manager", "user", "nobody"]) people[who] = await person(browser, house.base, who);
  const ids = await furnish(house.base, people.admin, people.manager);
  const routes = house.routes();
  const { scenes, others } = await ofTable(house.base, routes, ids, people);
  const refused = await refusedForms(scenes, people);
  for (const scene of [...scenes, ...refused, ...ofStates(house.base, ids)]) await look(scene, people[scene.who].page);
  people.visitor = await person(browser, house.base, "nobody");
  await bareScenes(people.visitor, look);
  // Nothing of the table was left out: what is a page was looked at, and what is none was asked for.
  const visited = [...scenes.map((scene) => scene.route), ...others.map((line) => line.split(" ")[0])];
  const missed = routes.filter((line) => line.method === "GET" && !visited.includes(line.path)).map((line) => line.path);
  if (missed.length) found.push(`never visited: ${missed}`);
  for (const someone of Object.values(people)) found.push(...someone.complaints.map((text) => `the console says at ${text}`));
  console.log(JSON.stringify({ routes: visited.length, looked, others }));
} catch (e) {
  found.push(e.stack);
} finally {
  await browser.close();
  await house.tearDown();
}
if (found.length) {
  console.error([...new Set(found)].join("\n"));
  process.exit(1);
}
