// A real Chromium, and people in it. Everything that a page complains of is kept: a violated policy, a console message, an error.
import { createRequire } from "node:module";

export const need = (name) => process.env[name] || (() => { throw new Error(`${name} is not set`); })();
export const expect = (what, ok) => { if (!ok) throw new Error(`not seen: ${what}`); };

const require = createRequire(need("KEEPER_TEST_NODE_MODULES") + "/");
export const resolve = require.resolve;

export const launch = () => require("playwright-core").chromium.launch({
  executablePath: need("KEEPER_TEST_CHROMIUM"),
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--font-render-hinting=none"],
});

// A status that a scene asks for is no complaint; Chromium writes one for each answer of 4xx and 5xx.
const isStatus = (text) => /^Failed to load resource: the server responded with a status of (4\d\d|503|500)/.test(text);

// A request for a part that is still under way when the page is left: htmx says so as the browser ends it.
const isLeft = (text) => /^htmx: htmx:error: Failed to fetch/.test(text);

export const watch = (page, complaints) => {
  page.on("console", (m) => { if (["error", "warning"].includes(m.type()) && !isStatus(m.text()) && !isLeft(m.text())) complaints.push(`${new URL(page.url()).pathname}: ${m.text()}`); });
  page.on("pageerror", (e) => complaints.push(`${new URL(page.url()).pathname}: ${e}`));
};

// Somebody's browser: `who` is admin, manager or user, signed in as the persona; or nobody.
export const person = async (browser, base, who, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const complaints = [];
  watch(page, complaints);
  if (who !== "nobody") {
    await page.goto(`${base}/login`);
    await page.locator(`button[name=demo][value=demo-${who}]`).click();
    await page.waitForURL(`${base}/`);
  }
  return { who, context, page, complaints };
};

// Sends the form that goes to this address, and waits for the page that comes. A navigation would not do: htmx writes one into the history
// when it asks for its first part.
export const send = async (page, action) => {
  await Promise.all([page.waitForEvent("load"), page.locator(`form[action="${action}"] button:not([type=button])`).last().click()]);
};

// The words and shapes of a page without what is new each time: two roles that see the same need one look. The frame round it, which
// follows the role, belongs to no page.
export const face = (page) => page.evaluate(() => {
  const main = document.querySelector("main").cloneNode(true);
  main.querySelectorAll("[name=_csrf], time").forEach((el) => el.remove());
  return main.innerHTML;
});
