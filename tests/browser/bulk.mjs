// Many at once: two secrets are ticked and tagged, the page tells how far it is and survives a reload; then an export is asked for.
import { visit, need } from "./visit.mjs";

const name = need("JOURNEY_NAME");

await visit("max", async ({ page, script, go, text, see, expect, submit, look }) => {
  await go(`/secrets?q=${name}`);
  await page.locator(".pick").nth(0).check();
  await page.locator(".pick").nth(1).check();
  expect("the bar", await page.locator(".bulk").isVisible());
  await look("chosen");
  await Promise.all([page.waitForNavigation(), page.locator('.bulk button[value="tag"]').click()]);
  await see("Tag 2 secrets");
  await look("tag");
  await submit("/bulk");
  await see("No tag is named");
  await page.fill("#f-add", `by=${name}`);
  await submit("/bulk");
  await page.reload();
  const done = async () => (await text()).includes("2 done");
  for (let i = 0; i < 40 && !(await done()); i++) { await page.waitForTimeout(250); if (!script) await page.reload(); }
  expect("that both are tagged", await done());
  await look("bulk");
  await go(`/secrets/export?q=${name}`);
  await see(name);
  await look("export");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("form[data-download] button").click()]);
  expect("the file's name", /^keeper-secrets-\d{4}-\d\d-\d\d\.csv$/.test(file.suggestedFilename()));
  console.log("tagged, exported");
});
