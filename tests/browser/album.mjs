// The pictures that the docs show, made small, and docs/screenshots.md, which shows them: every page of the table at 1280 px by day,
// the ones that are open all day also by night and at 390 px, and the states that tell most. screenshots.mjs hands them in.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { small } from "./png.mjs";

const TALLEST = 1400;
const DAY = "1280-light";
const OFTEN = ["/", "/secrets", "/secrets/{id}", "/secrets/{id}/rotate", "/rotations/{id}", "/environments/{id}", "/audit", "/login"];
const STATES = {
  "empty-dashboard": "Before there is anything",
  "login-first-sso": "The first sign-in of all, through the company's identity provider",
  "secret-failing": "A copy failed: the page says which, why, and what to do",
  "secret-revealed": "A revealed value, for 30 seconds",
  "secret-edit-conflict": "Somebody else saved meanwhile: both sides",
  "source-rehearsed": "A whole change, rehearsed on a user that is made for it",
  "rotation-running": "A rotation on its way",
  "rotation-failed": "A rotation that one backend refused",
  "environments-id-edit-refused": "A form with a mistake",
  "search-found": "The search box, on every page",
  "secrets-nothing-matches": "Nothing matches",
  "audit-verified": "The audit log after its verification",
  "error-403": "A closed door",
};
const ways = (scene) => (scene.route ? (OFTEN.includes(scene.route) ? [DAY, "1280-dark", "390-light"] : [DAY]) : scene.name in STATES ? [DAY] : []);

export class Album {
  pages = new Map();

  constructor(from, folder) {
    Object.assign(this, { from, folder });
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  keep(scene, name) {
    const kept = ways(scene).map((way) => `${name}.${way}.png`);
    for (const file of kept) writeFileSync(`${this.folder}/${file}`, small(readFileSync(`${this.from}/${file}`), TALLEST));
    if (kept.length) this.pages.set(scene.route ?? scene.name, kept);
  }

  close() {
    const shown = (about, files) => files.map((file) => `![${about}, ${file.split(".")[1].replace("-", " px, ")}](${basename(this.folder)}/${file})`).join("\n");
    const routes = [...this.pages].filter(([name]) => name.startsWith("/"));
    const states = Object.entries(STATES).filter(([name]) => this.pages.has(name));
    writeFileSync(`${dirname(this.folder)}/screenshots.md`, [
      "# Every page in pictures",
      "`make screenshots` wrote this page and took the pictures, of the demo data, by the table of routes. An admin sees the pages; what is taller than\n1,400 px is cut off. All of them, at 1280 and 390 px, by day and by night, lie in `~/.cache/keeper/screenshots` afterwards.",
      "## Pages",
      ...routes.flatMap(([route, files]) => [`### \`${route}\``, shown(route, files)]),
      "## States",
      ...states.flatMap(([name, words]) => [`### ${words}`, shown(words, this.pages.get(name))]),
    ].join("\n\n") + "\n");
  }
}
