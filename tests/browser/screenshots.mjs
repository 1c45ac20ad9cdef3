// Pictures of every page: every GET route of the table and the states of scenes.mjs, at 1280 and 390 px, by day and by night.
//   SHOTS_DIR     where all of them go
//   SHOTS_DOCS    where small copies go of those that album.mjs chooses, with a page beside it that shows them
//   SHOTS_ONLY    a word: only scenes whose name holds it
import { mkdirSync, writeFileSync } from "node:fs";
import { Album } from "./album.mjs";
import { face, launch, need, person } from "./browser.mjs";
import { bareScenes } from "./bare.mjs";
import { House } from "./house.mjs";
import { furnish } from "./places.mjs";
import { ofStates, ofTable, refusedForms } from "./scenes.mjs";

const folder = need("SHOTS_DIR");
const only = process.env.SHOTS_ONLY ?? "";
mkdirSync(folder, { recursive: true });
const album = process.env.SHOTS_DOCS && !only ? new Album(folder, process.env.SHOTS_DOCS) : null;

const WAYS = [["1280-light", 1280, "light"], ["1280-dark", 1280, "dark"], ["390-light", 390, "light"], ["390-dark", 390, "dark"]];
const seen = new Map();
let pictures = 0;

const take = async (scene, page) => {
  if (!scene.name.includes(only)) return;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
  await scene.go(page);
  await page.mouse.move(0, 0);
  const now = await face(page);
  const twins = seen.get(scene.name) ?? [];
  if (twins.includes(now)) return;
  seen.set(scene.name, [...twins, now]);
  const name = twins.length ? `${scene.name}-as-${scene.who}` : scene.name;
  for (const [way, width, colorScheme] of WAYS) {
    const least = width === 390 ? 844 : 800;
    await page.setViewportSize({ width, height: least });
    await page.emulateMedia({ colorScheme });
    // As tall as the page: what sticks to the window's edge then stands where the page ends.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(least, height) });
    await page.screenshot({ path: `${folder}/${name}.${way}.png`, animations: "disabled", caret: "hide", timeout: 120000 });
    pictures += 1;
  }
  if (!twins.length) album?.keep(scene, name);
};

const browser = await launch();
const house = await House.build();
try {
  const people = {};
  for (const who of ["admin", "manager", "user", "nobody"]) people[who] = await person(browser, house.base, who);
  const ids = await furnish(house.base, people.admin, people.manager);
  const { scenes, others } = await ofTable(house.base, house.routes(), ids, people);
  const refused = await refusedForms(scenes, people);
  for (const scene of [...scenes, ...refused, ...ofStates(house.base, ids)]) await take(scene, people[scene.who].page);
  const visitor = await person(browser, house.base, "nobody");
  await bareScenes(visitor, take);
  album?.close();
  writeFileSync(`${folder}/not-pages.txt`, others.join("\n") + "\n");
  console.log(`${pictures} pictures in ${folder}`);
} finally {
  await browser.close();
  await house.tearDown();
}
