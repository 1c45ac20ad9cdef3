// People come in through their company's identity provider, and each sees what the role may see. Prints what it saw as JSON.
//   SSO_PEOPLE    who: admin, manager, user, outsider (whom no role belongs to); each has a browser of their own
//   SSO_REFUSED   which of them Keeper is to refuse
//   SSO_PASSWORD  theirs at the provider
//   SSO_SCRIPT    off: the same clicks with JavaScript switched off
//   SSO_STEP_UP   on: the provider asks again when a fresh proof is wanted (nanoidp does not)
import { expect, launch, need, person, send } from "./browser.mjs";
import { isOurs, signInThrough } from "./provider.mjs";

const base = need("KEEPER_URL");
const password = need("SSO_PASSWORD");
const script = process.env.SSO_SCRIPT !== "off";
const refused = need("SSO_REFUSED").split(",");
const browser = await launch();

// The demo environments: 1 and 2 are open to everybody, 3 is for members. A member's door looks to others as if it did not exist.
const MAY = {
  admin: { "/users": 200, "/audit": 200, "/environments/new": 200, "/environments/3": 200, "/secrets?environment=1": 200 },
  manager: { "/users": 403, "/audit": 200, "/environments/new": 403, "/environments/3": 404, "/secrets?environment=1": 200 },
  user: { "/users": 403, "/audit": 403, "/environments/new": 403, "/environments/3": 404, "/secrets?environment=1": 200 },
};

const go = async (page, path) => (await page.goto(base + path)).status();
const firstSecret = async (page, environment) => {
  await go(page, `/secrets?environment=${environment}`);
  const links = await page.locator('main a[href^="/secrets/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  return links.find((href) => /^\/secrets\/\d+$/.test(href));
};

const looksAround = async (page, name) => {
  const nav = await page.locator(".nav > a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  for (const [path, least] of [["/secrets", "user"], ["/audit", "manager"], ["/users", "admin"]]) {
    const may = Object.keys(MAY).indexOf(name) <= Object.keys(MAY).indexOf(least);
    expect(`${path} ${may ? "" : "not "}in the navigation of ${name}: ${nav}`, nav.includes(path) === may);
  }
  expect(`the way in, for ${name}`, /single sign-on/i.test(await page.locator(".who").innerText()));
  for (const [path, status] of Object.entries(MAY[name])) {
    const seen = await go(page, path);
    expect(`${status} for ${name} at ${path}, not ${seen}`, seen === status);
  }
  // A value, and the form that would change it.
  const secret = await firstSecret(page, 1);
  await go(page, secret);
  await send(page, `${secret}/reveal`);
  expect(`a value for ${name}`, (await page.locator("[data-value]").textContent()).length > 0);
  expect(`a rotation's form for ${name}`, (await go(page, `${secret}/rotate`)) === 200);
};

// A fresh proof is a sign-in of the same person, for whom the provider's own session is not enough.
const provesAnew = async (page, name) => {
  await go(page, "/step-up?next=%2Frotations");
  await signInThrough(page, base, { name, password, script });
  expect(`${name} where the proof was asked, not ${page.url()}`, new URL(page.url()).pathname === "/rotations");
};

// Whoever comes by SAML has no password here, and is told what a name is told that nobody has.
const hasNoPassword = async (page, name) => {
  const words = [];
  for (const username of [name, "nobody-of-that-name"]) {
    await go(page, "/login");
    await page.fill("#f-username", username);
    await page.fill("#f-password", password);
    await Promise.all([page.waitForNavigation(), page.locator("form:has(#f-password) button").click()]);
    words.push(await page.locator("#login-error").innerText());
  }
  expect(`the same words for ${name} and for nobody: ${words}`, words[0] === words[1]);
};

const signsOut = async (page, name) => {
  await go(page, "/account");
  await page.locator('form[action="/logout"] button').click();
  await page.waitForURL((url) => url.pathname !== "/account");
  await page.goBack();
  expect(`nothing of ${name} after Back`, (await page.locator(".who").count()) === 0 && !(await page.content()).includes("@example.org"));
  await go(page, "/account");
  expect(`${name} signed out`, page.url().includes("/login"));
};

const seen = {};
let production;
try {
  for (const name of need("SSO_PEOPLE").split(",")) {
    const { context, page, complaints } = await person(browser, base, "nobody", { javaScriptEnabled: script });
    try {
      await go(page, "/secrets?type=api_key");
      await signInThrough(page, base, { name, password, script });
      if (refused.includes(name)) {
        seen[name] = await page.locator("body").innerText();
        await go(page, "/secrets");
        expect("a stranger at the door", page.url().includes("/login"));
      } else {
        expect(`the page that ${name} asked for, not ${page.url()}`, page.url() === `${base}/secrets?type=api_key`);
        const [session] = (await context.cookies(base)).filter((c) => c.name === "keeper");
        expect("a session's cookie", session?.sameSite === "Lax" && session.httpOnly);
        await looksAround(page, name);
        if (process.env.SSO_STEP_UP === "on") await provesAnew(page, name);
        if (name === "admin") production = await firstSecret(page, 3);
        else if (production) expect(`${production} hidden from ${name}`, (await go(page, production)) === 404 && (await go(page, `${production}/rotate`)) === 404);
        await signsOut(page, name);
        if (name === "admin") await hasNoPassword(page, name);
      }
      const ours = complaints.filter(isOurs);
      expect(`nothing in the console of ${name}, not ${JSON.stringify(ours)}`, ours.length === 0);
    } catch (e) {
      throw new Error(`${name} at ${page.url()}: ${e}: ${(await page.content()).slice(0, 3000)}`);
    }
    await context.close();
  }
  console.log(JSON.stringify(seen));
} catch (e) {
  console.error(String(e));
  process.exitCode = 1;
} finally {
  await browser.close();
}
