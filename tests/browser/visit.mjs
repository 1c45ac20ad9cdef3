// What the journeys share: a browser, a signed-in page, and words for what is not seen. Each journey is a file of its own.
import { mkdirSync } from "node:fs";
import { launch, need } from "./browser.mjs";

export { need };

export async function visit(who, journey) {
  const base = need("JOURNEY_URL");
  const script = process.env.JOURNEY_SCRIPT !== "off";
  const browser = await launch();
  const context = await browser.newContext({ javaScriptEnabled: script, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const complaints = [];
  page.on("console", (m) => { if ((m.type() === "error" || m.type() === "warning") && !/status of 4\d\d/.test(m.text())) complaints.push(m.text()); });
  page.on("pageerror", (e) => complaints.push(String(e)));
  let n = 0;
  const tools = {
    page, base, script,
    go: (path) => page.goto(base + path),
    text: () => page.locator("main").innerText(),
    expect: (what, ok) => { if (!ok) throw new Error(`not seen: ${what} (at ${page.url()})`); },
    see: async (words) => tools.expect(words, (await tools.text()).includes(words)),
    submit: (action) => Promise.all([page.waitForNavigation(), page.locator(`form[action="${action}"] button:not([type=button])`).last().click()]),
    follow: (link) => Promise.all([page.waitForNavigation(), link.click()]),
    look: async (name) => {
      if (!process.env.JOURNEY_SHOTS) return;
      mkdirSync(process.env.JOURNEY_SHOTS, { recursive: true });
      await page.screenshot({ path: `${process.env.JOURNEY_SHOTS}/${script ? "js" : "plain"}-${String(++n).padStart(2, "0")}-${name}.png`, fullPage: true });
    },
  };
  try {
    await tools.go("/login");
    await page.fill("#f-username", who);
    await page.fill("#f-password", need("JOURNEY_PASSWORD"));
    await tools.submit("/login");
    await journey(tools);
    tools.expect(`nothing in the browser's console, not ${JSON.stringify(complaints)}`, complaints.length === 0);
  } catch (e) {
    console.error(String(e));
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
