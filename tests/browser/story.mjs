// The main job in a real browser: sign in, environment, secret, copies, reveal, rotate, audit. Prints what it saw as JSON.
// With STORY_SCRIPT=off the same clicks are made with JavaScript switched off; with STORY_PROVIDER_PASSWORD the sign-in is one at
// the company's identity provider.
import { mkdirSync } from "node:fs";
import { expect, launch, need, person, send } from "./browser.mjs";
import { isOurs, signInThrough } from "./provider.mjs";

const base = need("KEEPER_URL");
const script = process.env.STORY_SCRIPT !== "off";
const tag = script ? "js" : "plain";
const shots = process.env.STORY_SHOTS;
const first = "first line\n  second line <b>&amp;</b>\n";
const second = "rotated 'value' \"of\" the story\n";

const browser = await launch();
const { page, complaints } = await person(browser, base, "nobody", { javaScriptEnabled: script });
const submit = (action) => send(page, action);

let n = 0;
const look = async (name) => {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${tag}-${String(++n).padStart(2, "0")}-${name}.png`, fullPage: true });
};
const until = async (what, seen) => {
  for (let i = 0; i < 60; i++) {
    if (await seen()) return;
    await page.waitForTimeout(250);
    await page.reload();
  }
  throw new Error(`never seen: ${what} (at ${page.url()}): ${(await page.locator("main").innerText()).slice(0, 1500)}`);
};

try {
  await page.goto(`${base}/`);
  expect("the sign-in page", page.url().includes("/login"));
  await look("login");
  if (process.env.STORY_PROVIDER_PASSWORD) {
    await signInThrough(page, base, { name: "admin", password: process.env.STORY_PROVIDER_PASSWORD, script });
  } else {
    await page.fill("#f-username", "story-admin");
    await page.fill("#f-password", need("STORY_PASSWORD"));
    await submit("/login");
  }
  expect("the dashboard", (await page.title()).startsWith("Dashboard"));
  await look("dashboard");

  // Paths of its own: what lies at a path already and is not Keeper's is left alone.
  const environment = `story-${tag}-${need("STORY_RUN")}`;
  await page.goto(`${base}/environments/new`);
  await page.fill("#f-name", environment);
  await page.fill("#f-display_name", `Story ${tag}`);
  await page.check('input[name=stage][value=staging]');
  await page.check('input[name=access][value=open]');
  await page.check("#f-aws_enabled");
  await page.fill("#f-aws_region", "us-east-1");
  await page.fill("#f-aws_endpoint", need("STORY_AWS"));
  await page.fill("#f-aws_path_template", "{environment}/{name}");
  await page.fill("#f-aws_access_key_id", "test");
  await page.fill("#f-aws_secret_access_key", "test");
  await page.check("#f-vault_enabled");
  await page.fill("#f-vault_url", need("STORY_VAULT"));
  await page.fill("#f-vault_mount", "secret");
  await page.fill("#f-vault_path_template", "{environment}/{name}");
  await page.fill("#f-vault_token", need("STORY_VAULT_TOKEN"));
  await look("environment-new");
  await submit("/environments");
  expect("the new environment", /\/environments\/\d+$/.test(new URL(page.url()).pathname));
  await look("environment");

  await page.goto(`${base}/secrets/new`);
  await page.selectOption("#f-environment_id", { label: await page.locator("#f-environment_id option", { hasText: environment }).first().innerText() });
  await page.fill("#f-name", "Story-Secret");
  await page.fill("#f-display_name", "Secret of the story");
  await page.selectOption("#f-secret_type", "api_key");
  await page.check('input[name=secrecy_level][value=confidential]');
  await page.fill("#f-value", first);
  await look("secret-new");
  await submit("/secrets");
  expect("the new secret", /\/secrets\/\d+$/.test(new URL(page.url()).pathname));
  const secret = new URL(page.url()).pathname;
  const synced = () => page.locator("main .status.synced").count().then((count) => count >= 2);
  await until("both copies synced", synced);
  await look("secret");

  await submit(`${secret}/reveal`);
  const shown = await page.locator("[data-value]").textContent();
  expect(`the value byte for byte, not ${JSON.stringify(shown)}`, shown === first);
  await look("revealed");

  await page.goto(`${base}${secret}/rotate`);
  await page.check('input[name=mode][value=typed]');
  await page.fill("#f-new_value", second);
  if (await page.locator("#f-reason").count()) await page.fill("#f-reason", "the story asks for it");
  await look("rotate");
  await submit(`${secret}/rotate`);
  expect("the rotation", /\/rotations\/\d+$/.test(new URL(page.url()).pathname));
  await until("the rotation succeeded", () => page.locator("main .status.succeeded").count());
  await look("rotation");

  await page.goto(`${base}${secret}`);
  await until("both copies synced again", synced);
  await page.goto(`${base}/audit`);
  const log = await page.locator("main").innerText();
  for (const action of ["secret.rotated", "secret.revealed", "secret.created", "environment.created"]) expect(`${action} in the audit log`, log.includes(action));
  await look("audit");

  await page.goto(`${base}/secrets?q=story`);
  expect("the secret in the list", (await page.locator("main").innerText()).includes("story-secret"));
  await look("secrets");
  await page.locator('form[action="/logout"] button').click();
  await page.waitForURL("**/login");
  await page.goBack();
  expect("no value after Back", !(await page.content()).includes("second line"));
  const ours = complaints.filter(isOurs);
  expect(`nothing in the browser's console, not ${JSON.stringify(ours)}`, ours.length === 0);
  console.log(JSON.stringify({ path: `${environment}/story-secret`, value: second }));
} catch (e) {
  await look("failed");
  console.error(`${e} (at ${page.url()})`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
