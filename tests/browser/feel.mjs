// How the console feels under a hand, with script: lists that change in place, keys, warnings, a value that goes away.
// All of it under the product's own policy: one complaint of the browser's console is a failure.
import { expect, launch, person, send } from "./browser.mjs";
import { House } from "./house.mjs";
import { fillIn } from "./places.mjs";

const VALUE = "a value that must not come back\n";
const did = [];
const browser = await launch();
const house = await House.build({ backends: false });
const base = house.base;
const max = await person(browser, base, "manager");
const { page } = max;

const step = async (what, act) => {
  await act().catch((e) => { throw new Error(`${what}: ${e.message}`); });
  did.push(what);
};
const at = (path) => page.goto(base + path);
const path = () => new URL(page.url()).pathname;
const asked = (name) => new URL(page.url()).searchParams.get(name);
// Lost by a page load, kept by a change in place.
const mark = () => page.evaluate(() => { window.unmoved = true; });
const inPlace = async () => expect("the page changed in place", await page.evaluate(() => window.unmoved === true));
const results = (words) => page.locator("#results", { hasText: words }).waitFor();
const focused = (selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);

try {
  await step("a filter changes the list in place, keeps its focus, is in the address, and is announced", async () => {
    await at("/secrets");
    await mark();
    await page.locator("#q-level").focus();
    await page.selectOption("#q-level", "restricted");
    await results("session-signing-key");
    await page.locator("#results .name", { hasText: "mailer-token" }).waitFor({ state: "detached" });
    await inPlace();
    expect("the filter in the address", asked("level") === "restricted");
    expect("the focus on the filter", await focused("#q-level"));
    expect("words in the live region", (await page.locator("#live").textContent()).length > 0);
  });

  await step("a chip takes the filter off, a head sorts, pages turn both ways, and Back goes back", async () => {
    await page.locator(".chip").click();
    await results("mailer-token");
    await at("/secrets?limit=5");
    await mark();
    const first = await page.locator("#results .name").first().textContent();
    await page.locator("#results [rel=next]").click();
    await page.locator("#results .name", { hasText: first }).first().waitFor({ state: "detached" });
    await inPlace();
    expect("the next page in the address", asked("after"));
    await page.goBack();
    await page.locator("#results tbody tr:first-child", { hasText: first }).waitFor();
    await page.locator("#results thead a").last().click();
    await page.waitForURL(/sort=/);
  });

  await step("the audit log filters and turns in place", async () => {
    await at("/audit");
    await mark();
    await page.fill("#q-who", "demo-manager");
    await page.keyboard.press("Enter");
    await page.waitForURL(/who=demo-manager/);
    await results("secret.created");
    await inPlace();
  });

  await step("the search box finds what is typed", async () => {
    await at("/rotations");
    await page.keyboard.press("/");
    expect("/ focuses the search", await focused("[data-search]"));
    await page.keyboard.type("smtp");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/secrets(\/\d+|\?q=smtp)/);
    await page.locator("main", { hasText: "smtp-relay" }).waitFor();
  });

  await step("keys lead to secrets, rotations and help, and not while somebody types", async () => {
    await at("/environments");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.waitForURL(`${base}/secrets`);
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.waitForURL(`${base}/rotations`);
    await page.keyboard.press("?");
    expect("? opens the help", await page.locator("#keys").isVisible());
    await page.keyboard.press("Escape");
    expect("Escape closes it", !(await page.locator("#keys").isVisible()));
    await page.keyboard.press("/");
    await page.keyboard.type("gs?");
    expect("typing stays typing", path() === "/rotations" && await page.locator("[data-search]").inputValue() === "gs?");
  });

  await step("Tab goes from the skip link through everything, and what has the focus is seen", async () => {
    await at("/secrets/1");
    await page.keyboard.press("Tab");
    expect("the skip link first", await focused(".skip"));
    const order = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate(() => {
        const el = document.activeElement, style = getComputedStyle(el);
        return { name: (el.getAttribute("aria-label") ?? el.textContent ?? "").trim().slice(0, 40), seen: style.outlineStyle !== "none" && style.outlineWidth !== "0px", end: el === document.body };
      });
      if (now.end) break;
      expect(`a visible focus on ${now.name}`, now.seen);
      order.push(now.name);
    }
    expect(`the way to reveal among ${order}`, order.some((name) => name.startsWith("Reveal")));
  });

  await step("light and dark switch in place and stay", async () => {
    await at("/secrets");
    await page.locator("[data-theme-form] button").click();
    expect("dark", await page.evaluate(() => document.documentElement.dataset.theme === "dark"));
    await page.reload();
    expect("dark after a reload", await page.evaluate(() => document.documentElement.dataset.theme === "dark"));
    await page.locator("[data-theme-form] button").click();
  });

  let secret;
  await step("a double click makes one secret", async () => {
    const posts = [];
    page.on("request", (request) => { if (request.method() === "POST" && request.url() === `${base}/secrets`) posts.push(request); });
    await at("/secrets/new");
    await page.selectOption("#f-environment_id", "1");
    for (const [name, text] of [["name", "felt"], ["display_name", "Felt"], ["value", VALUE]]) await page.fill(`#f-${name}`, text);
    await page.check("input[name=secrecy_level][value=internal]");
    await page.locator("form[action='/secrets'] .save-bar button").dblclick();
    await page.waitForURL(/\/secrets\/\d+$/);
    expect(`one request, not ${posts.length}`, posts.length === 1);
    secret = path();
    expect("what was done, in words", await page.locator(".flash", { hasText: "Created" }).count());
    await page.reload();
    expect("said once", !(await page.locator(".flash", { hasText: "Created" }).count()));
  });

  await step("unsaved changes are not lost without a question", async () => {
    await at(`${secret}/edit`);
    await page.fill("#f-display_name", "Felt twice");
    expect("the mark", await page.locator("[data-unsaved]").isVisible());
    const question = new Promise((asked) => page.once("dialog", async (dialog) => { asked(dialog.type()); await dialog.dismiss(); }));
    await page.locator(".crumbs a").first().click({ noWaitAfter: true });
    expect("the browser's question", await question === "beforeunload");
    expect("the form with what was typed", await page.locator("#f-display_name").inputValue() === "Felt twice");
    await send(page, `${secret}/edit`);
    expect("no question after saving", path() === secret);
  });

  await step("a value is copied byte for byte, hides itself, and Back does not show it", async () => {
    await at(secret);
    await page.clock.install();
    await send(page, `${secret}/reveal`);
    expect("the value", (await page.locator("[data-value]").textContent()) === VALUE);
    await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; });
    await page.locator("[data-copy]").click();
    await page.waitForFunction(() => window.copied);
    expect("every byte in the clipboard", (await page.evaluate(() => window.copied)) === VALUE);
    await page.locator(".nav a[href='/rotations']").click();
    await page.waitForURL(`${base}/rotations`);
    // Chromium asks whether to send the form again: nothing of the page was kept.
    const back = async (what) => {
      await page.goBack().catch(() => {});
      await page.waitForTimeout(500);
      expect(what, !(await page.content()).includes(VALUE.trim()));
    };
    await back("nothing after Back");
    await at(secret);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect("nothing in the browser's storage", !kept.includes(VALUE.trim()));
    await send(page, `${secret}/reveal`);
    await page.clock.fastForward(31000);
    await page.waitForURL(base + secret);
    expect("nothing after its time", !(await page.content()).includes(VALUE.trim()));
    await back("nothing before it either");
  });

  await step("a rotation's page renews itself in place while its copy is tried", async () => {
    const other = await person(browser, base, "manager");
    await fillIn(other.page, base, "/secrets/3/rotate", { mode: "generated", reason: "To watch it" });
    await other.page.evaluate(() => { window.unmoved = true; });
    const polled = await other.page.waitForRequest((request) => request.headers()["hx-request"] === "true");
    expect("it asks for itself", new URL(polled.url()).pathname.startsWith("/rotations/"));
    await other.page.waitForTimeout(4000);
    expect("in place", await other.page.evaluate(() => window.unmoved === true));
    max.complaints.push(...other.complaints);
  });
  expect(`a silent console, not ${JSON.stringify(max.complaints)}`, max.complaints.length === 0);
  console.log(JSON.stringify({ did }));
} catch (e) {
  console.error(`${e.stack}\nat ${page.url()}\nafter: ${did.join("; ")}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await house.tearDown();
}
