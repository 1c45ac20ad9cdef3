// JavaScript switched off: every form that a page offers is found on its page, filled in by hand and sent, and each POST route of
// the table is reached by one. A route that no page offers a form for, or a field that nobody can fill, is a loud failure.
import { expect, launch, person } from "./browser.mjs";
import { House } from "./house.mjs";
import { address, furnish } from "./places.mjs";

const PASSWORD = "a password of the house";
// What comes from elsewhere: no page of ours holds its form.
// The preview is a second button of a form (tests/browser/sides.mjs), and a purge waits for 30 days (tests/keeper/versions.rs).
// Identity providers want metadata (tests/keeper/providers.rs).
// A service account is made where it is furnished: nobody is asked for all environments (tests/keeper/services/pages.rs).
// What is changed of an account ends somebody’s sessions, and single sign-on alone asks for one (tests/keeper/accounts.rs).
// A second factor wants the right code (tests/keeper/second_factor.rs).
// A verification asks real places (tests/keeper/verifying.rs), and so does an import from a backend
// (tests/keeper/imports/tree.rs); what was added there is takeover.mjs’s; what waits in the queue is soon done (tests/keeper/copies/pages.rs).
// A rotation waits or is parked where its source is away (tests/keeper/strategies/helping.rs); what waits for another person, and
// broken glass, are four eyes’ (tests/browser/approvals.mjs).
const FROM_ELSEWHERE = [/^\/saml\//, /^\/api\//, /^\/environments\/preview$/, /\/purge$/, /^\/rotations\/\{id\}\/(cancel|retry|approve|reject|withdraw)$/, /^\/break-glass\//, /^\/queue\//, /^\/secrets\/\{id\}\/verify$/, /^\/secrets\/import\/backend$/, /^\/users\/\{id\}\//, /^\/account\/(password$|second-factor\/)/, /^\/login\/code$/, /^\/settings\/(saml|sign-in)/, /^\/settings\/service-accounts$/, /^\/environments\/\{id\}\/strays$/];
// What ends the walk comes last.
const LATE = ["/account/sessions/{id}/end", "/account/sessions/end-others", "/logout"];
let n = 0;
const WORDS = {
  name: () => `made-without-script-${++n}`, display_name: () => "Made without script", value: () => "typed\nby hand", new_value: () => "typed by hand, again", reason: () => "Because the test says so",
  username: () => "demo-user", password: () => PASSWORD, current_password: () => PASSWORD, new_password: () => "another password of the house", host: () => "db.example.com", user_name: () => "keeper", email: () => "somebody@example.com", tags: () => "made=by-hand",
};

const browser = await launch();
const house = await House.build();
const base = house.base;
const off = { javaScriptEnabled: false };

const routeOf = (routes, action) => routes.find((line) => line.method === "POST" && new RegExp(`^${line.path.replace("{backend}", "\\w+").replace(/\{[^}]+\}/g, "\\d+")}$`).test(action))?.path;

// The forms of the page that is open, as the table's routes.
const formsOf = async (page, routes) => {
  const actions = await page.locator("form[method=post]").evaluateAll((forms) => forms.map((form) => new URL(form.action).pathname));
  return actions.map((action, index) => ({ action, index, route: routeOf(routes, action) }));
};

// Fills what is required and empty, by the name of the field; a value is required where it is asked for at all.
const fill = async (form) => {
  for (const file of await form.locator("input[type=file]").all()) await file.setInputFiles({ name: "made.env", mimeType: "text/plain", buffer: Buffer.from("MADE_BY_HAND=typed\n") });
  for (const input of await form.locator(":is(input, textarea, select)[required]:visible, textarea[data-bytes]:visible").all()) {
    const [name, kind] = await input.evaluate((el) => [el.name, el.type]);
    if (kind === "radio") {
      const group = form.locator(`input[type=radio][name="${name}"]`);
      if (!(await group.evaluateAll((all) => all.some((one) => one.checked)))) await group.first().check();
    } else if (kind.startsWith("select")) {
      if (!(await input.inputValue())) await input.selectOption({ index: 1 });
    } else if (name === "confirm") await input.fill(await form.locator("label[for=f-confirm] code").textContent());
    else if (!(await input.inputValue())) {
      expect(`words for the field ${name}: teach tests/browser/plain.mjs`, WORDS[name]);
      // One signs in with a name that is there, and makes an account with another.
      const isNew = name === "username" && (await form.getAttribute("action")) === "/users";
      await input.fill((isNew ? WORDS.name : WORDS[name])());
    }
  }
};

const sent = new Map();
const sendForm = async (page, { index, route }) => {
  const form = page.locator("form[method=post]").nth(index);
  // The one that floats in the menu is behind its disclosure.
  const menu = form.locator("xpath=ancestor::details[not(@open)]");
  if (await menu.count()) await menu.locator("summary").click();
  await fill(form);
  // The answer leads on: the page that it leads to must have come before the next address is asked for. Or it is a file.
  const comes = await form.getAttribute("data-download") === null ? "load" : "download";
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.waitForEvent(comes),
    form.locator("button:not([type=button]):visible").last().click(),
  ]).catch((e) => { throw new Error(`${route} at ${page.url()}: ${e.message}`); });
  const status = answer.status();
  const words = status >= 400 ? (await page.locator("main").innerText()).slice(0, 400) : "";
  expect(`${route} done by its form, not ${status}: ${words}`, status === 200 || status === 303);
  expect(`a page after ${route}`, await page.locator("main h1, main h2").count());
  sent.set(route, status);
};

try {
  const [script, manager] = [await person(browser, base, "admin"), await person(browser, base, "manager")];
  const ids = await furnish(base, script, manager);
  const routes = house.routes();
  const ada = await person(browser, base, "admin", off);
  await person(browser, base, "admin", off);
  const nobody = await person(browser, base, "nobody", off);
  const pages = routes.filter((line) => line.method === "GET" && line.access !== "public").map((line) => address(line.path, "admin", ids));
  pages.push(`/secrets/${ids.plain}`, `/secrets/${ids.plain}/edit`, `/secrets/${ids.plain}/rotate`, `/secrets/${ids.plain}/switch-off`, `/secrets/${ids.plain}/promote?to=2`, `/secrets/${ids.failing}`, `/rotations/${ids.failed}`, "/environments/2", "/environments/2/copies", "/environments/1/switch-off", `/settings/service-accounts/${ids.unused}`, `/secrets/import/${ids.importable}`);
  await ada.page.goto(`${base}/rotations/${ids.live_rotation}`);
  await ada.page.waitForEvent("load"); // what still runs is loaded anew by itself
  const offered = [];
  for (const path of new Set(pages)) {
    const kind = (await ada.context.request.get(base + path, { maxRedirects: 0 })).headers()["content-type"] ?? "";
    if (!kind.startsWith("text/html")) continue;
    await ada.page.goto(base + path);
    for (const form of await formsOf(ada.page, routes)) {
      expect(`the form of ${path} that goes to ${form.action} in the table`, form.route);
      offered.push({ ...form, path });
    }
  }
  await nobody.page.goto(`${base}/login`);
  await sendForm(nobody.page, (await formsOf(nobody.page, routes)).find((form) => form.route === "/login"));
  const order = [...new Set(offered.map((form) => form.route))].sort((a, b) => LATE.indexOf(a) - LATE.indexOf(b));
  const elsewhere = (route) => FROM_ELSEWHERE.some((one) => one.test(route));
  for (const route of order.filter((route) => !sent.has(route) && !elsewhere(route))) {
    const form = offered.find((one) => one.route === route);
    if (route === "/account/sessions/end-others") await person(browser, base, "admin", off);
    await ada.page.goto(base + form.path);
    const here = (await formsOf(ada.page, routes)).find((one) => one.route === route);
    expect(`the form of ${route} on ${form.path}`, here);
    await sendForm(ada.page, here);
  }
  const unsent = routes.filter((line) => line.method === "POST" && !sent.has(line.path) && !elsewhere(line.path)).map((line) => line.path);
  expect(`a form on some page for each POST route, but for ${unsent}`, unsent.length === 0);

  // A value without script: the answer is not kept, sends itself away after 30 seconds, and Back asks again.
  const uma = await person(browser, base, "user", off);
  await uma.page.goto(`${base}/secrets/${ids.failing}`);
  const [answer] = await Promise.all([
    uma.page.waitForResponse((response) => response.request().method() === "POST"),
    uma.page.locator(`form[action="/secrets/${ids.failing}/reveal"] button`).click(),
  ]);
  const headers = answer.headers();
  expect("no-store", headers["cache-control"] === "no-store");
  expect("a way back after 30 s", headers.refresh === `30; url=/secrets/${ids.failing}`);
  const value = await uma.page.locator("[data-value]").textContent();
  expect("the value", value.length > 8);
  await uma.page.goto(`${base}/secrets`);
  await uma.page.goBack().catch(() => {}); // Chromium asks whether to send the form again
  await uma.page.waitForTimeout(500);
  expect("no value after Back", !(await uma.page.content()).includes(value));
  console.log(JSON.stringify({ sent: Object.fromEntries(sent) }));
} catch (e) {
  console.error(`${e.stack}\nsent: ${[...sent.keys()].join(", ")}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await house.tearDown();
}
