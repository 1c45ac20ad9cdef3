// An empty Keeper from its first sign-in page on, and what it says when a table of it is gone: a real database, broken for real.
import { execFileSync } from "node:child_process";
import { House } from "./house.mjs";
import { open } from "./scenes.mjs";

const PASSWORD = "a password of the empty house";

export const bareScenes = async ({ page }, take) => {
  const awaited = await House.build({ empty: true, provider: true });
  await take({ name: "login-first-sso", who: "nobody", go: (page) => open(page, `${awaited.base}/login`) }, page).finally(() => awaited.tearDown());
  const house = await House.build({ empty: true });
  const at = (name, path, status = 200) => take({ name, who: "nobody", go: (page) => open(page, house.base + path, status) }, page);
  try {
    await at("login-first", "/login");
    house.run(["user", "add", "first-admin", "--role", "admin", "--display-name", "Frida First", "--password-stdin"], { input: PASSWORD });
    await page.goto(`${house.base}/login`);
    await page.fill("#f-username", "first-admin");
    await page.fill("#f-password", PASSWORD);
    await Promise.all([page.waitForURL(`${house.base}/`), page.locator("form:has(#f-password) button").click()]);
    for (const [name, path] of [["dashboard", "/"], ["secrets", "/secrets"], ["rotations", "/rotations"], ["environments", "/environments"], ["audit", "/audit"]]) await at(`empty-${name}`, path);
    await at("empty-secret-new", "/secrets/new", 403);
    await at("step-up-by-password", "/step-up?next=%2Fsecrets");
    execFileSync("python3", ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('ALTER TABLE rotations RENAME TO rotations_gone')", `${house.data}/keeper_dev.db`]);
    await at("error-500", "/rotations", 500);
  } finally {
    await house.tearDown();
  }
};
