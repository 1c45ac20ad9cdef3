// Every GET route of the table, as each role that may come in, and the states of scenes.mjs, are looked at by axe in both themes, at
// 1280, 1024, 768 and 390 px for what does not fit, and at the browser's console for what a page complains of. Several windows look at the same time.
// Prints as JSON how many pages were looked at; anything found is an error that names page, rule and element.
import { lookAt } from "./axe.mjs";
import { bareScenes } from "./bare.mjs";
import { face, launch, person } from "./browser.mjs";
import { House } from "./house.mjs";
import { furnish } from "./places.mjs";
import { ofStates, ofTable, refusedForms } from "./scenes.mjs";

const found = [];
const faces = new Set();
let looked = 0;

const look = async (scene, page) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
  await scene.go(page);
  const same = `${scene.name} ${await face(page)}`;
  if (faces.has(same)) return;
  faces.add(same);
  found.push(...(await lookAt(page)).map((text) => `${scene.name} as ${scene.who}, ${text}`));
  looked += 1;
};

const browser = await launch();
const house = await House.build();
const everybody = [];
const arrive = async (who) => { const someone = await person(browser, house.base, who); everybody.push(someone); return someone; };
const people = async () => ({ admin: await arrive("admin"), manager: await arrive("manager"), user: await arrive("user"), nobody: await arrive("nobody") });
const walk = async (scenes, people) => { for (const scene of scenes) await look(scene, people[scene.who].page); };

try {
  const [ours, theirs] = [await people(), await people()];
  const ids = await furnish(house.base, ours.admin, ours.manager);
  const routes = house.routes();
  const { scenes, others } = await ofTable(house.base, routes, ids, ours);
  await Promise.all([
    walk(scenes.filter((scene) => scene.who === "admin"), ours),
    walk(scenes.filter((scene) => scene.who !== "admin"), ours),
    refusedForms(scenes, theirs).then((refused) => walk([...refused, ...ofStates(house.base, ids)], theirs)),
    arrive("nobody").then((visitor) => bareScenes(visitor, look)),
  ]);
  // Nothing of the table was left out: what is a page was looked at, and what is none was asked for.
  const visited = [...scenes.map((scene) => scene.route), ...others.map((line) => line.split(" ")[0])];
  const missed = routes.filter((line) => line.method === "GET" && !visited.includes(line.path)).map((line) => line.path);
  if (missed.length) found.push(`never visited: ${missed}`);
  for (const someone of everybody) found.push(...someone.complaints.map((text) => `the console says at ${text}`));
  console.log(JSON.stringify({ routes: new Set(visited).size, looked, others }));
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
